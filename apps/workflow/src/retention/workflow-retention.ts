import { Inject, Injectable } from '@nestjs/common';
import { Databases, deleteOld, intents, workflowRuns } from '@rollcall/collections';
import type { IntentState } from '@rollcall/contracts';
import { CONFIG, type RetentionRule, type RetentionRules } from '@rollcall/service';

import type { WorkflowConfig } from '../config.js';

/** Calls that may still be made, or of which somebody has to find out what became of them. */
const openIntents: readonly IntentState[] = ['planned', 'attempting', 'unknown'];

/** Ended workflow runs, with the calls that they made. */
@Injectable()
export class WorkflowRetention implements RetentionRules {
  readonly rules: readonly RetentionRule[];

  constructor(
    private readonly databases: Databases,
    @Inject(CONFIG) { RETENTION_WORKFLOW_RUNS_DAYS: days }: WorkflowConfig,
  ) {
    this.rules = [{ kind: 'workflow runs', days, deleteBefore: (before, limit) => this.deleteRuns(before, limit) }];
  }

  private deleteRuns(before: Date, limit: number): Promise<number> {
    const calls = this.databases.collection(intents);
    return deleteOld({
      collection: this.databases.collection(workflowRuns),
      filter: { state: { $in: ['completed', 'failed'] }, endedAt: { $lt: before.toISOString() } },
      limit,
      needed: async (runs) => {
        const ids = runs.map(({ _id }) => _id);
        return new Set(
          await calls.distinct('workflowRun', { workflowRun: { $in: ids }, state: { $in: [...openIntents] } }),
        );
      },
      before: async (ids) => {
        await calls.deleteMany({ workflowRun: { $in: ids as string[] } });
      },
    });
  }
}
