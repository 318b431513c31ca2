import { Injectable } from '@nestjs/common';
import { changes, Databases, runs } from '@rollcall/collections';

import { type AgedChange, deletableChanges, runsOf } from './deletable-changes.js';

const dayMs = 24 * 60 * 60_000;
const fields = { record: 1, revision: 1, time: 1, cause: 1 } as const;
/** A record with more changes than this is looked at in pieces, of which none but the first may go. */
const largestStep = 5_000;

interface WhichChanges {
  readonly record?: string | { readonly $gt: string };
  readonly revision?: { readonly $gt: number };
}

/**
 * Deletes old changes on a walk through the whole history, by the index of records: there is none of times, which every
 * change would have to pay for. One walk a day; where it is, is known to this process alone, and a new one begins anew.
 */
@Injectable()
export class HistoryRetention {
  private after: string | null = null;
  /** Of a monotonic clock. */
  private nextWalkAt = 0;

  constructor(private readonly databases: Databases) {}

  /** @returns how many changes it looked at; 0 at the end of a walk */
  async deleteSome(before: Date, limit: number): Promise<number> {
    if (performance.now() < this.nextWalkAt) return 0;
    const ordered = await this.nextOf(limit);
    if (ordered.length === 0) {
      this.after = null;
      this.nextWalkAt = performance.now() + dayMs;
      return 0;
    }
    const stored = await this.storedRuns(runsOf(ordered));
    const ids = deletableChanges(ordered, before, (run) => stored.has(run));
    if (ids.length > 0) await this.changes.deleteMany({ _id: { $in: ids } });
    this.after = ordered.at(-1)!.record;
    return ordered.length;
  }

  /** Whole records: the last one of a step is read to its end. */
  private async nextOf(limit: number): Promise<AgedChange[]> {
    const found = await this.read(this.after === null ? {} : { record: { $gt: this.after } }, limit);
    const last = found.at(-1);
    if (last === undefined || found.length < limit) return found;
    const rest = { record: last.record, revision: { $gt: last.revision } };
    return [...found, ...(await this.read(rest, largestStep))];
  }

  private read(filter: WhichChanges, limit: number): Promise<AgedChange[]> {
    return this.changes
      .find(filter)
      .project<AgedChange>(fields)
      .sort({ record: 1, revision: 1 })
      .limit(limit)
      .toArray();
  }

  private async storedRuns(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.databases
      .collection(runs)
      .find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  private get changes() {
    return this.databases.collection(changes);
  }
}
