export type SimulatorErrorCode =
  'unknown-vendor' | 'unknown-account' | 'invalid-request' | 'not-found' | 'company-too-small';

/** What the control API answers with; the message tells the person what to send instead. */
export class SimulatorError extends Error {
  constructor(
    readonly code: SimulatorErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'SimulatorError';
  }
}
