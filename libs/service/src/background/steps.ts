import { errorText } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';

export interface StepsOptions {
  readonly name: string;
  readonly logger: Logger;
  /** One step; true = look again at once. */
  readonly step: () => Promise<boolean | void>;
  /** Called when there is nothing more to do at once, until somebody looks again. */
  readonly onRest: () => void;
}

const longestPauseMs = 15_000;

/**
 * Steps of one kind of work, one at a time: who looks meanwhile gets one more afterwards. An error is logged and ends a
 * row of steps. When to look again is up to whoever drives it: a loop, or an interval.
 */
export class Steps {
  private underWay: Promise<void> | null = null;
  private isAsked = false;
  private isStopped = false;
  private failures = 0;
  private isUnderWay = false;

  constructor(private readonly options: StepsOptions) {}

  get isBusy(): boolean {
    return this.isUnderWay;
  }

  look(): void {
    this.isAsked = true;
    if (this.isUnderWay || this.isStopped) return;
    // Set before the step begins, which may ask for another one before it waits for anything.
    this.isUnderWay = true;
    this.underWay = this.run();
  }

  /** No step begins any more. Resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.underWay;
  }

  /** How long to leave it alone: the usual time, and longer after errors that follow each other. */
  pauseMs(usualMs: number): number {
    return Math.max(usualMs, Math.min(usualMs * 2 ** Math.min(this.failures, 6), longestPauseMs));
  }

  private async run(): Promise<void> {
    let again = true;
    while (again && !this.isStopped) {
      this.isAsked = false;
      const isMore = await this.attempt();
      again = isMore || this.isAsked;
    }
    this.isUnderWay = false;
    if (!this.isStopped) this.options.onRest();
  }

  private async attempt(): Promise<boolean> {
    try {
      const isMore = await this.options.step();
      this.failures = 0;
      return isMore === true;
    } catch (error) {
      this.failures += 1;
      this.options.logger.error(`${this.options.name} failed, tried again soon: ${errorText(error)}`, {
        stack: error instanceof Error ? error.stack : undefined,
      });
      return false;
    }
  }
}
