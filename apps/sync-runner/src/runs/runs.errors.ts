import { AppError, type RunUndone, undoneText } from '@rollcall/contracts';

export type RunErrorCode =
  | 'integration-not-found'
  | 'integration-not-active'
  | 'run-still-open'
  | 'run-not-found'
  | 'run-ended'
  | 'run-not-ended'
  | 'run-sweeping'
  | 'run-changed-nothing'
  | 'run-already-undone'
  | 'single-user-not-available';

export class RunError extends AppError<RunErrorCode> {}

export const integrationNotFound = (id: string): RunError =>
  new RunError('integration-not-found', `There is no integration ${id}. Choose one from the list of integrations.`, {
    details: { id },
  });

export const integrationNotActive = (name: string, state: string): RunError =>
  new RunError(
    'integration-not-active',
    `"${name}" was not started, because it is ${state}. Launch the integration first, then run it.`,
  );

export const runStillOpen = (name: string, run: string): RunError =>
  new RunError(
    'run-still-open',
    `"${name}" was not started, because its run ${run} is still open. Wait until it has ended, or cancel it.`,
    { details: { run } },
  );

export const singleUserNotAvailable = (name: string): RunError =>
  new RunError(
    'single-user-not-available',
    `The vendor of "${name}" has no call for a single user. Start a full run, and look for the user afterwards.`,
  );

export const runNotFound = (id: string): RunError =>
  new RunError('run-not-found', `There is no run ${id}. Choose one from the list of runs.`, { details: { id } });

export const runEnded = (id: string, state: string): RunError =>
  new RunError('run-ended', `Run ${id} cannot be cancelled, because it has ended (${state}). There is nothing to do.`);

export const runSweeping = (id: string): RunError =>
  new RunError(
    'run-sweeping',
    `Run ${id} cannot be cancelled, because its deactivations are being carried out. Wait for its end, then undo it.`,
  );

export const runNotEnded = (id: string): RunError =>
  new RunError('run-not-ended', `Run ${id} is still open. Wait for its end, or cancel it; then try it again.`);

export const runChangedNothing = (id: string): RunError =>
  new RunError('run-changed-nothing', `Run ${id} was a preview. It changed nothing, so there is nothing to undo.`);

export const runAlreadyUndone = (id: string, undone: RunUndone | null): RunError =>
  new RunError('run-already-undone', undoneText(id, undone), { details: { undone } });

/** The run was ended, cancelled or taken over by somebody else: whoever sees this stops touching it (A4). */
export class LeaseLost extends Error {
  constructor(run: string) {
    super(`the lease of run ${run} is lost`);
  }
}
