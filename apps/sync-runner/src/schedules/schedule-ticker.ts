import { Injectable } from '@nestjs/common';
import { EveryInterval } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { SchedulesService } from './schedules.service.js';

const misplacedLookMs = 30_000;

/** Looks for due slots every second. A late look starts a run late and never skips it. */
@Injectable()
export class ScheduleTicker {
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly schedules: SchedulesService) {}

  @EveryInterval('schedules', (config: SyncRunnerConfig) => config.TICK_MS)
  async step(): Promise<boolean> {
    if (performance.now() - this.lookedAt > misplacedLookMs) {
      await this.schedules.moveMisplaced();
      this.lookedAt = performance.now();
    }
    return this.schedules.claimDue();
  }
}
