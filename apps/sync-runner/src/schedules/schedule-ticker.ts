import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Loop } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { CONFIG, LOGGER } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { SchedulesService } from './schedules.service.js';

const misplacedLookMs = 30_000;

/** Looks for due slots every second. A late look starts a run late and never skips it. */
@Injectable()
export class ScheduleTicker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(SchedulesService) private readonly schedules: SchedulesService,
    @Inject(LOGGER) logger: Logger,
    @Inject(CONFIG) config: SyncRunnerConfig,
  ) {
    this.loop = new Loop({ name: 'schedules', idleMs: config.TICK_MS, logger, step: () => this.step() });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async step(): Promise<boolean> {
    if (performance.now() - this.lookedAt > misplacedLookMs) {
      await this.schedules.moveMisplaced();
      this.lookedAt = performance.now();
    }
    return this.schedules.claimDue();
  }
}
