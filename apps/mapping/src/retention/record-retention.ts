import { Inject, Injectable } from '@nestjs/common';
import { Databases, deleteOld, peoplePlanLines, peoplePlans, samples } from '@rollcall/collections';
import type { PeoplePlanState } from '@rollcall/contracts';
import { CONFIG, type RetentionRule, type RetentionRules } from '@rollcall/service';

import type { MappingConfig } from '../config.js';
import { HistoryRetention } from './history-retention.js';
import { PeopleRetention } from './people-retention.js';

const settledPlans: readonly PeoplePlanState[] = ['executed', 'rejected', 'expired', 'closed', 'undone'];

/** What mapping deletes by age. */
@Injectable()
export class RecordRetention implements RetentionRules {
  readonly rules: readonly RetentionRule[];

  constructor(
    private readonly databases: Databases,
    @Inject(CONFIG) config: MappingConfig,
    history: HistoryRetention,
    people: PeopleRetention,
  ) {
    this.rules = [
      {
        kind: 'samples of vendor records',
        days: config.RETENTION_SAMPLES_DAYS,
        deleteBefore: (before, limit) => this.deleteSamples(before, limit),
      },
      {
        kind: 'people plans',
        days: config.RETENTION_PEOPLE_PLANS_DAYS,
        deleteBefore: (before, limit) => this.deletePlans(before, limit),
      },
      {
        kind: 'inactive people',
        days: config.RETENTION_INACTIVE_PEOPLE_DAYS,
        deleteBefore: (before, limit) => people.eraseSome(before, limit),
      },
      {
        kind: 'history',
        days: config.RETENTION_HISTORY_DAYS,
        deleteBefore: (before, limit) => history.deleteSome(before, limit),
      },
    ];
  }

  private deleteSamples(before: Date, limit: number): Promise<number> {
    return deleteOld({ collection: this.databases.collection(samples), filter: { at: { $lt: before } }, limit });
  }

  private deletePlans(before: Date, limit: number): Promise<number> {
    return deleteOld({
      collection: this.databases.collection(peoplePlans),
      filter: { state: { $in: [...settledPlans] }, createdAt: { $lt: before.toISOString() } },
      limit,
      before: async (plans) => {
        await this.databases.collection(peoplePlanLines).deleteMany({ plan: { $in: plans as string[] } });
      },
    });
  }
}
