import { Inject, Injectable } from '@nestjs/common';
import { Databases, deleteOld, heldPlans, type RunDocument, runs } from '@rollcall/collections';
import { runEndStates } from '@rollcall/contracts';
import { CONFIG, type RetentionRule, type RetentionRules } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { isStillNeeded } from './needed-runs.js';

/** Ended runs, and held plans that were decided. */
@Injectable()
export class RunRetention implements RetentionRules {
  readonly rules: readonly RetentionRule[];

  constructor(
    private readonly databases: Databases,
    @Inject(CONFIG) { RETENTION_RUNS_DAYS: days }: SyncRunnerConfig,
  ) {
    this.rules = [
      { kind: 'held plans', days, deleteBefore: (before, limit) => this.deletePlans(before, limit) },
      { kind: 'runs', days, deleteBefore: (before, limit) => this.deleteRuns(before, limit) },
    ];
  }

  private deletePlans(before: Date, limit: number): Promise<number> {
    const collection = this.databases.collection(heldPlans);
    return deleteOld({ collection, filter: { state: { $ne: 'open' }, heldAt: { $lt: before } }, limit });
  }

  private async deleteRuns(before: Date, limit: number): Promise<number> {
    const collection = this.databases.collection(runs);
    return deleteOld({
      collection,
      filter: { state: { $in: [...runEndStates] }, endedAt: { $lt: before.toISOString() } },
      limit,
      needed: (found) => this.neededOf(found),
    });
  }

  private async neededOf(found: readonly RunDocument[]): Promise<ReadonlySet<string>> {
    const integrations = [...new Set(found.map(({ integration }) => integration))];
    const open = await this.databases
      .collection(heldPlans)
      .find({ state: 'open' }, { projection: { run: 1, approvalRun: 1 } })
      .toArray();
    const named = new Set(open.flatMap(({ _id, run, approvalRun }) => [_id, run, approvalRun ?? run]));
    const newest = await this.newestOf(integrations);
    return new Set(found.filter((run) => isStillNeeded(run, { named, newest })).map(({ _id }) => _id));
  }

  /** The newest run of each integration, and the newest complete one that the guard compares the next with. */
  private async newestOf(integrations: readonly string[]): Promise<ReadonlySet<string>> {
    const all = this.databases.collection(runs);
    const ids: string[] = [];
    for (const integration of integrations) {
      for (const filter of [
        { integration },
        {
          integration,
          scope: 'full' as const,
          state: { $in: ['completed' as const, 'completed-with-errors' as const] },
        },
      ]) {
        const newest = await all.findOne(filter, { sort: { plannedAt: -1 }, projection: { _id: 1 } });
        if (newest) ids.push(newest._id);
      }
    }
    return new Set(ids);
  }
}
