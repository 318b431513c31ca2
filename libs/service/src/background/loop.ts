import type { Driver, DriverOptions } from './driver.js';
import { Steps } from './steps.js';

export interface LoopOptions extends DriverOptions {
  /** Pause after a step that found nothing, in milliseconds. */
  readonly idleMs: number;
}

/** Drains a queue: never overlaps itself, survives errors with a growing pause, and stops gracefully. */
export class Loop implements Driver {
  private readonly steps: Steps;
  private isStarted = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: LoopOptions) {
    this.steps = new Steps({ ...options, onRest: () => this.rest() });
  }

  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.steps.look();
  }

  wake(): void {
    if (!this.isStarted) return;
    clearTimeout(this.timer);
    this.steps.look();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.steps.stop();
  }

  private rest(): void {
    this.timer = setTimeout(() => this.steps.look(), this.steps.pauseMs(this.options.idleMs));
  }
}
