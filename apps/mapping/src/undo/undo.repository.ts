import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type ChangeDocument,
  changes,
  type ClientSession,
  Databases,
  type UndoCursor,
  type UndoDocument,
  type UndoLineDocument,
  undoLines,
  undos,
} from '@rollcall/collections';
import { type RunReportOf, type UndoCounts, undoCountsSchema } from '@rollcall/contracts';
import type { Collection, Filter } from 'mongodb';

import { idsOf } from '../changes/changes.repository.js';
import type { PastChange } from './record-history.js';

const past = { record: 1, revision: 1, changed: 1, cause: 1, time: 1 } as const;

/** Undos of runs, what they left, and the lists by which they find what a run did. Every list has an order that stays. */
@Injectable()
export class UndoRepository {
  private readonly undos: Collection<UndoDocument>;
  private readonly lines: Collection<UndoLineDocument>;
  private readonly accounts: Collection<AccountDocument>;
  private readonly changes: Collection<ChangeDocument>;

  constructor(private readonly databases: Databases) {
    this.undos = databases.collection(undos);
    this.lines = databases.collection(undoLines);
    this.accounts = databases.collection(accounts);
    this.changes = databases.collection(changes);
  }

  async find(run: string): Promise<UndoDocument | null> {
    return this.undos.findOne({ _id: run });
  }

  /** Which of these runs were undone before. */
  async undoneOf(runs: readonly string[]): Promise<Set<string>> {
    if (runs.length === 0) return new Set();
    const found = await this.undos
      .find({ _id: { $in: [...runs] }, report: { $ne: null } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Accounts that a run made, by id. One look at each account of the integration: nobody needs an index but an undo. */
  async accountsMadeBy(run: string, integration: string, after: string, limit: number): Promise<string[]> {
    const range = idsOf(integration);
    const ids = after === '' ? range : { $gt: after, $lt: range.$lt };
    const made = { 'created.cause.kind': 'run', 'created.cause.run': run };
    const found = await this.accounts
      .find({ _id: ids, ...made } as Filter<AccountDocument>, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  /**
   * Changes that a run made to accounts that were there before, in the order in which it made them.
   * @param except a position whose changes are passed over: those of the undo itself, which may be as many
   */
  async changesOf(
    run: string,
    after: string,
    except: string | null,
    limit: number,
  ): Promise<(PastChange & { readonly _id: string })[]> {
    const filter = {
      'cause.run': run,
      'cause.kind': { $in: ['run', 'sweep'] },
      kind: 'account',
      revision: { $gt: 1 },
      ...(except === null
        ? { _id: { $gt: after } }
        : { $or: [{ _id: { $gt: after, $lt: `${except}/` } }, { _id: { $gt: after, $gte: `${except}0` } }] }),
    } as Filter<ChangeDocument>;
    return this.changes
      .find(filter)
      .project<PastChange & { _id: string }>(past)
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** Lines of accounts whose unique value belonged to somebody else when it was restored. */
  async linesWithTakenKeys(run: string, after: string, limit: number): Promise<UndoLineDocument[]> {
    return this.lines
      .find({ run, _id: { $gt: after }, 'left.reason': 'key-taken' } as Filter<UndoLineDocument>)
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }

  async linesOf(run: string, accountIds: readonly string[]): Promise<Set<string>> {
    if (accountIds.length === 0) return new Set();
    const ids = accountIds.map((account) => undoLineId(run, account));
    const found = await this.lines.find({ _id: { $in: ids } }, { projection: { account: 1 } }).toArray();
    return new Set(found.map(({ account }) => account));
  }

  /** Changes of records, record by record and each in order of its revisions. However many there are, one at a time. */
  async *changesFrom(revisions: ReadonlyMap<string, number>): AsyncGenerator<PastChange> {
    if (revisions.size === 0) return;
    const first = [...revisions.values()].reduce((least, revision) => Math.min(least, revision));
    const cursor = this.changes
      .find({ record: { $in: [...revisions.keys()] }, revision: { $gte: first } })
      .project<PastChange>(past)
      .sort({ record: 1, revision: 1 });
    for await (const change of cursor) if (change.revision >= revisions.get(change.record)!) yield change;
  }

  /** What a transaction of an undo did, and where the next one goes on. */
  async putStep(session: ClientSession, step: UndoStep): Promise<void> {
    const { run, integration, cursor, counts, at } = step;
    const sums = Object.entries(counts).map(([name, count]) => [`counts.${name}`, count]);
    await this.undos.updateOne(
      { _id: run },
      {
        $inc: Object.fromEntries(sums) as Record<string, number>,
        $set: { integration, cursor, at },
        $setOnInsert: { report: null },
      },
      { session, upsert: true },
    );
    const operations = [
      ...step.lines.map(({ _id, ...line }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: line }, upsert: true },
      })),
      ...step.changedLines.map((line) => ({ replaceOne: { filter: { _id: line._id }, replacement: line } })),
      ...step.droppedLines.map((_id) => ({ deleteOne: { filter: { _id } } })),
    ];
    if (operations.length > 0) await this.lines.bulkWrite(operations, { session });
  }

  async putReport(session: ClientSession, report: RunReportOf<'undone'>, cursor: UndoCursor): Promise<void> {
    const { run, integration } = report;
    const counts = undoCountsSchema.parse(report);
    await this.undos.updateOne(
      { _id: run },
      { $set: { integration, cursor, counts, report, at: this.databases.time() } },
      { session, upsert: true },
    );
  }
}

export interface UndoStep {
  readonly run: string;
  readonly integration: string;
  readonly cursor: UndoCursor;
  /** Added to what earlier steps counted. */
  readonly counts: UndoCounts;
  readonly lines: readonly UndoLineDocument[];
  readonly changedLines: readonly UndoLineDocument[];
  readonly droppedLines: readonly string[];
  readonly at: Date;
}

export function undoLineId(run: string, account: string): string {
  return `${run}/${account}`;
}
