import { Injectable } from '@nestjs/common';
import { Databases, planLines, type RunDocument, runs, trusted } from '@rollcall/collections';
import type { QueryFilter } from 'mongoose';

import { absenceApartMs, type EarlierRun } from './earlier-absences.js';

/** Manual runs in a row; more than these within an hour are looked at no further. */
const mostRuns = 100;

/** Complete runs of an integration and what they staged, for vendors that cannot be asked for single users. */
@Injectable()
export class EarlierRunsRepository {
  constructor(private readonly databases: Databases) {}

  /** Newest first, back to the first that is old enough, or to one that read with another scope. */
  async before(run: RunDocument, accounts: readonly string[], nowMs: number): Promise<EarlierRun[]> {
    const filter: QueryFilter<RunDocument> = {
      integration: run.integration,
      scope: 'full',
      _id: trusted({ $ne: run._id }),
      state: trusted({ $in: ['completed', 'completed-with-errors', 'held'] }),
      endedAt: trusted({ $ne: null }),
    };
    const found = await this.databases
      .model(runs)
      .find(filter, { endedAt: 1, scopeFingerprint: 1 }, { sort: { endedAt: -1 }, limit: mostRuns })
      .lean();
    const earlier: EarlierRun[] = [];
    for (const { _id, endedAt, scopeFingerprint } of found) {
      if (scopeFingerprint !== run.scopeFingerprint || endedAt === null) break;
      earlier.push({ endedAt, staged: await this.stagedBy(_id, accounts) });
      if (nowMs - Date.parse(endedAt) >= absenceApartMs) break;
    }
    return earlier;
  }

  private async stagedBy(run: string, accounts: readonly string[]): Promise<ReadonlySet<string>> {
    const lines = await this.databases
      .model(planLines)
      .find({ run, account: trusted({ $in: [...accounts] }) }, { account: 1 })
      .lean();
    return new Set(lines.map(({ account }) => account));
  }
}
