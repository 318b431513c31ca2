import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Background, CONFIG, Drains, INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { PlannedRuns } from '../runs/planned-runs.js';
import { RunsService } from '../runs/runs.service.js';
import { ClaimedRun } from './claimed-run.js';
import { RunExecutionService } from './run-execution.service.js';

/** Claims open runs that nobody holds, up to the configured number at once. */
@Injectable()
export class RunLoop implements OnModuleInit, BeforeApplicationShutdown {
  private readonly held = new Map<string, { readonly run: ClaimedRun; readonly done: Promise<void> }>();

  constructor(
    private readonly runs: RunsService,
    private readonly planned: PlannedRuns,
    private readonly execution: RunExecutionService,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
    @Inject(CONFIG) private readonly config: SyncRunnerConfig,
    private readonly background: Background,
  ) {}

  onModuleInit(): void {
    this.planned.onPlanned(() => this.background.wake(RunLoop));
  }

  /** Hands open runs over: the next holder starts them again without counting this one as lost. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const { run } of this.held.values()) run.stop('stopping');
    await Promise.all([...this.held.values()].map(({ done }) => done));
  }

  @Drains({ name: 'runs', idleMs: (config: SyncRunnerConfig) => config.TICK_MS })
  async claim(): Promise<boolean> {
    if (this.held.size >= this.config.RUN_CONCURRENCY) return false;
    const claimedAt = performance.now();
    // A run that this process itself lost is left alone until its old work has ended.
    const claimed = await this.runs.claim(this.infrastructure.replica, [...this.held.keys()]);
    if (claimed === null) return false;
    const run = new ClaimedRun(
      claimed.run,
      {
        holder: this.infrastructure.replica,
        leaseMs: this.config.RUN_LEASE_MS,
        toleranceMs: this.config.CLOCK_TOLERANCE_MS,
        tickMs: this.config.TICK_MS,
        renew: (claim) => this.runs.renew(claim),
        look: (claim) => this.runs.look(claim),
      },
      claimedAt,
      claimed.openGeneration,
    );
    const done = this.execution.execute(run, claimed.isGivenUp).finally(() => {
      run.close();
      this.held.delete(claimed.run._id);
      this.background.wake(RunLoop);
    });
    this.held.set(claimed.run._id, { run, done });
    return true;
  }
}
