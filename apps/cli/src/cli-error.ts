/** A command cannot do what it was asked. `message` says what and why, `cure` what to do; each is one line. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly cure: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CliError';
  }
}
