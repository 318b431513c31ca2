import { randomUUID } from 'node:crypto';

import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { WorkflowRunDocument } from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import { type Logger, withCorrelation } from '@rollcall/observability';
import { Background, CONFIG, Drains, INFRASTRUCTURE, type Infrastructure, LOGGER } from '@rollcall/service';

import type { WorkflowConfig } from '../config.js';
import { WorkflowRunsRepository } from '../workflow-runs/workflow-runs.repository.js';
import { LeaseLost, WorkflowRunsService } from '../workflow-runs/workflow-runs.service.js';
import { StepRunner } from './step-runner.service.js';

const leaseMs = 30_000;
const renewMs = 10_000;
const idleMs = 500;
const afterErrorMs = 5_000;

/** Claims due runs and works on several at once. A run whose holder died is claimed again when its lease is over. */
@Injectable()
export class StepLoop implements OnModuleInit, BeforeApplicationShutdown {
  private readonly active = new Set<Promise<void>>();

  constructor(
    private readonly repository: WorkflowRunsRepository,
    private readonly runs: WorkflowRunsService,
    private readonly runner: StepRunner,
    @Inject(CONFIG) private readonly config: WorkflowConfig,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
    private readonly background: Background,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.runs.whenStarted(() => this.background.wake(StepLoop));
  }

  /** Before consumers and connections close, so that no step is cut off between call and record. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.active);
  }

  /** Takes one due run if there is room. True = look again at once. */
  @Drains({ name: 'workflow steps', idleMs })
  async claim(): Promise<boolean> {
    if (this.active.size >= this.config.STEP_CONCURRENCY) return false;
    const holder = `${this.infrastructure.replica}/${randomUUID().slice(0, 8)}`;
    const run = await this.repository.claimDue(holder, leaseMs);
    if (!run) return false;
    const work = this.hold(run, holder).finally(() => {
      this.active.delete(work);
      this.background.wake(StepLoop);
    });
    this.active.add(work);
    return true;
  }

  private async hold(run: WorkflowRunDocument, holder: string): Promise<void> {
    const lost = new AbortController();
    const renewal = setInterval(() => {
      this.repository.renew(run._id, holder, leaseMs).then(
        (held) => held || lost.abort(),
        // Not renewed is as good as lost.
        () => lost.abort(),
      );
    }, renewMs);
    try {
      await withCorrelation(run._id, () => this.runner.work({ run, holder, signal: lost.signal }));
    } catch (error) {
      await this.giveBack(run, holder, error);
    } finally {
      clearInterval(renewal);
    }
  }

  private async giveBack(run: WorkflowRunDocument, holder: string, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) {
      this.logger.warn(`workflow run ${run._id} went to another holder`);
      return;
    }
    this.logger.error(`workflow run ${run._id} failed, tried again soon: ${errorText(error)}`, {
      stack: error instanceof Error ? error.stack : undefined,
    });
    try {
      await this.repository.release(run._id, holder, new Date(this.infrastructure.databases.timeMs() + afterErrorMs));
    } catch (released) {
      // Its lease runs out by itself.
      this.logger.warn(`workflow run ${run._id} could not be given back: ${errorText(released)}`);
    }
  }
}
