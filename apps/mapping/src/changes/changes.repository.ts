import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type ChangeDocument,
  changes,
  Databases,
  people,
  type PersonDocument,
} from '@rollcall/collections';
import type { AnyBulkWriteOperation, ClientSession, Collection } from 'mongodb';

import type { ChangeSet, Replacement } from './change-set.js';
import { sameUpdates } from './same-updates.js';

/** Somebody else changed a record between reading and writing. Nothing was written; recompute (B14). */
export class RecordConflict extends Error {
  constructor(collection: string) {
    super(`${collection} changed meanwhile`);
    this.name = 'RecordConflict';
  }
}

/** Range of the account ids of an integration (G1), for queries: `;` is what follows `:`. */
export function idsOf(integration: string): { $gte: string; $lt: string } {
  return { $gte: `${integration}:`, $lt: `${integration};` };
}

/** Writes change sets. The only place that writes accounts, people and changes. */
@Injectable()
export class ChangesRepository {
  private readonly accounts: Collection<AccountDocument>;
  private readonly people: Collection<PersonDocument>;
  private readonly changes: Collection<ChangeDocument>;

  constructor(databases: Databases) {
    this.accounts = databases.collection(accounts);
    this.people = databases.collection(people);
    this.changes = databases.collection(changes);
  }

  /**
   * Accounts by revision, people by fold counter; given-up keys are pulled before new ones are added (B13).
   * Throws `RecordConflict` when a compared record moved, and the driver's duplicate key error when a key did.
   */
  async write(session: ClientSession, set: ChangeSet): Promise<void> {
    if (set.insertedAccounts.length > 0) await this.accounts.insertMany(set.insertedAccounts, { session });
    await updateAll(session, this.accounts, set.replacedAccounts, 'revision', ['hash', 'observedAt', 'observedBy']);
    await this.releaseKeys(session, set.replacedPeople);
    await updateAll(session, this.people, set.replacedPeople, 'fold');
    if (set.insertedPeople.length > 0) await this.people.insertMany(set.insertedPeople, { session });
    if (set.changes.length > 0) await this.changes.insertMany(set.changes, { session });
  }

  /**
   * Notes who was taken up by a people plan. Not a revision: it says nothing about them, and a fold that goes on meanwhile
   * neither sees nor loses it. @throws RecordConflict when somebody is no longer due, or was taken up by another one
   */
  async takeUp(session: ClientSession, people: readonly string[], plan: string): Promise<void> {
    const { modifiedCount } = await this.people.updateMany(
      { _id: { $in: [...people] }, 'due.since': { $exists: true }, 'due.plan': { $exists: false } },
      { $set: { 'due.plan': plan } },
      { session },
    );
    if (modifiedCount !== people.length) throw new RecordConflict('people');
  }

  /** Changes made under a position, which may have several names, by kind and event type. */
  async countUnder(positions: readonly string[], kind: 'account' | 'person', event?: string): Promise<number> {
    const $or = positions.map((position) => ({ _id: { $gte: `${position}/`, $lt: `${position}0` } }));
    return this.changes.countDocuments({ $or, kind, revision: { $gt: 1 }, ...(event !== undefined && { event }) });
  }

  /** Accounts that were retired long ago: nobody asks for them any more (D7). */
  async removeRetired(integration: string): Promise<void> {
    await this.accounts.deleteMany({ _id: idsOf(integration), retired: { $exists: true } });
  }

  private async releaseKeys(session: ClientSession, replaced: readonly Replacement<PersonDocument>[]): Promise<void> {
    const operations: AnyBulkWriteOperation<PersonDocument>[] = [];
    for (const { before, after } of replaced) {
      const wanted = new Set(after.keys);
      const kept = (before.keys ?? []).filter((key) => wanted.has(key));
      if (kept.length === (before.keys ?? []).length) continue;
      operations.push({
        updateOne: {
          filter: { _id: before._id, fold: before.fold },
          update: kept.length > 0 ? { $set: { keys: kept } } : { $unset: { keys: 1 } },
        },
      });
    }
    if (operations.length > 0) await this.people.bulkWrite(operations, { session });
  }
}

/**
 * Updates every record whose counter is still the one that was read; `uncounted` are the fields that can change without
 * it. @throws RecordConflict when one moved
 */
async function updateAll<Document extends AccountDocument | PersonDocument>(
  session: ClientSession,
  collection: Collection<Document>,
  replaced: readonly Replacement<Document>[],
  counter: keyof Document & string,
  uncounted: readonly (keyof Document)[] = [],
): Promise<void> {
  if (replaced.length === 0) return;
  const operations = sameUpdates(replaced, counter, uncounted).map(({ ids, at, update }) => {
    const filter = { _id: ids.length === 1 ? ids[0] : { $in: ids }, [counter]: at };
    return { [ids.length === 1 ? 'updateOne' : 'updateMany']: { filter, update } };
  });
  const result = await collection.bulkWrite(operations as unknown as AnyBulkWriteOperation<Document>[], { session });
  if (result.matchedCount !== replaced.length) throw new RecordConflict(collection.collectionName);
}
