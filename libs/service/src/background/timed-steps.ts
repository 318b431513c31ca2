import type { SchedulerRegistry } from '@nestjs/schedule';

import type { Driver, DriverOptions } from './driver.js';
import { Steps } from './steps.js';

export interface TimedStepsOptions extends DriverOptions {
  readonly everyMs: number;
}

/**
 * Steps at an interval of @nestjs/schedule, which by itself would begin the next one while the last one is under way, and
 * keep its pace whatever fails (ADR 0025).
 */
export class TimedSteps implements Driver {
  private readonly steps: Steps;
  private state: 'new' | 'started' | 'stopped' = 'new';
  private passOver = 0;

  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly options: TimedStepsOptions,
  ) {
    this.steps = new Steps({ ...options, onRest: () => this.rest() });
  }

  start(): void {
    const { name, everyMs } = this.options;
    if (this.state !== 'new') return;
    if (this.registry.doesExist('interval', name)) throw new Error(`two intervals are named "${name}"`);
    this.state = 'started';
    const interval = setInterval(() => this.tick(), everyMs);
    this.registry.addInterval(name, interval);
    this.steps.look();
  }

  wake(): void {
    if (this.state === 'started') this.steps.look();
  }

  async stop(): Promise<void> {
    if (this.state === 'started') this.registry.deleteInterval(this.options.name);
    this.state = 'stopped';
    await this.steps.stop();
  }

  private tick(): void {
    if (this.steps.isBusy) return;
    if (this.passOver > 0) this.passOver -= 1;
    else this.steps.look();
  }

  private rest(): void {
    const { everyMs } = this.options;
    this.passOver = Math.floor(this.steps.pauseMs(everyMs) / everyMs) - 1;
  }
}
