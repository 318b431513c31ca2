import type { Logger } from '@rollcall/observability';

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Ends the process in good order when it is told to: what runs is closed, the last line of the log is "stopped", and the
 * exit code is 0, so that whoever started it sees a stop and not a crash. What does not close in time ends with 1.
 */
export class StopSignals {
  private close: () => Promise<void> = async () => undefined;
  private stopping = false;

  constructor(
    private logger: Logger,
    private readonly limitMs: number,
  ) {
    for (const signal of stopSignals) process.on(signal, () => this.stop(signal));
  }

  /** An error of a start that was told to stop meanwhile is none. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Until this is called there is nothing that must be closed before the process ends. */
  closeBy(close: () => Promise<void>, logger: Logger): void {
    this.close = close;
    this.logger = logger;
  }

  private stop(signal: string): void {
    if (this.stopping) return;
    this.stopping = true;
    this.logger.info(`stopping on ${signal}`);
    setTimeout(() => {
      this.logger.error(`ending without an orderly stop: it was not done after ${this.limitMs / 1_000} s`);
      process.exit(1);
    }, this.limitMs).unref();
    this.close().then(
      () => {
        this.logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        this.logger.error('ending: the stop failed', { error });
        process.exit(1);
      },
    );
  }
}
