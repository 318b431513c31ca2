import { Inject, Injectable } from '@nestjs/common';
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
import { updateOf } from './update-of.js';

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

  constructor(@Inject(Databases) databases: Databases) {
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
    await updateAll(
      session,
      this.accounts,
      set.replacedAccounts.map(({ before, after }) => ({
        updateOne: { filter: { _id: before._id, revision: before.revision }, update: updateOf(before, after) },
      })),
    );
    await this.releaseKeys(session, set.replacedPeople);
    await updateAll(
      session,
      this.people,
      set.replacedPeople.map(({ before, after }) => ({
        updateOne: { filter: { _id: before._id, fold: before.fold }, update: updateOf(before, after) },
      })),
    );
    if (set.insertedPeople.length > 0) await this.people.insertMany(set.insertedPeople, { session });
    if (set.changes.length > 0) await this.changes.insertMany(set.changes, { session });
  }

  /** Changes made under a position, by kind and event type. */
  async countUnder(position: string, kind: 'account' | 'person', event?: string): Promise<number> {
    const range = { _id: { $gte: `${position}/`, $lt: `${position}0` } };
    return this.changes.countDocuments({ ...range, kind, revision: { $gt: 1 }, ...(event !== undefined && { event }) });
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

async function updateAll<Document extends AccountDocument | PersonDocument>(
  session: ClientSession,
  collection: Collection<Document>,
  operations: AnyBulkWriteOperation<Document>[],
): Promise<void> {
  if (operations.length === 0) return;
  const result = await collection.bulkWrite(operations, { session });
  if (result.matchedCount !== operations.length) throw new RecordConflict(collection.collectionName);
}
