import type { Collection, MongoClient } from 'mongodb';

import type { RateBudgetDocument } from './rate-budget-bucket.js';

/** What a rate budget needs of its collection; a MongoDB `Collection<RateBudgetDocument>` has it. */
export interface RateBudgetStore {
  findOne(filter: { _id: string }): Promise<RateBudgetDocument | null>;
  /** Rejects with code 11000 when the document exists. */
  insertOne(document: RateBudgetDocument): Promise<unknown>;
  /** Replaces the document if it still has the version. */
  replaceOne(
    filter: { _id: string; version: number },
    document: Omit<RateBudgetDocument, '_id'>,
  ): Promise<{ modifiedCount: number }>;
}

/**
 * Collection `rateBudgets` of database `<namespace>_egress`, which only this library writes. Acknowledged by the primary
 * alone: a budget lost in a failover is a burst of one bucket, and a majority write would cost every request.
 */
export function rateBudgetCollection(client: MongoClient, namespace: string): Collection<RateBudgetDocument> {
  return client.db(`${namespace}_egress`).collection<RateBudgetDocument>('rateBudgets', {
    readConcern: { level: 'local' },
    readPreference: 'primary',
    writeConcern: { w: 1, journal: false },
  });
}
