import { errorText } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';

export interface LoopOptions {
  readonly name: string;
  /** Pause between steps that found nothing, in milliseconds. */
  readonly idleMs: number;
  readonly logger: Logger;
  /** One step; true = look again at once. */
  readonly step: () => Promise<boolean>;
}

/** A background loop that never overlaps itself, survives errors with a growing pause, and stops gracefully. */
export class Loop {
  private running: Promise<void> | null = null;
  private stopped = false;
  private rouse: (() => void) | null = null;
  private woken = false;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.rouse?.();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      this.woken = false;
      let again = false;
      try {
        again = await this.options.step();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.options.logger.error(`${this.options.name} failed, tried again soon: ${errorText(error)}`, {
          stack: error instanceof Error ? error.stack : undefined,
        });
      }
      if (!again) await this.pause(Math.min(this.options.idleMs * 2 ** Math.min(failures, 6), 15_000));
    }
  }

  private pause(milliseconds: number): Promise<void> {
    if (this.woken || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.rouse = null;
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.rouse = finish;
    });
  }
}
