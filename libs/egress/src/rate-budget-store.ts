import type { Collection, MongoClient } from 'mongodb';

import type { RateBudgetDocument } from './rate-budget-bucket.js';

/** A bucket and the time at which it was read, both by the database's clock. */
export interface RateBudgetLook {
  readonly bucket: RateBudgetDocument;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Where buckets are kept. All times in them are the database's: a process whose clock is wrong must neither empty a
 * bucket for everybody nor fill it again.
 */
export interface RateBudgetStore {
  look(id: string): Promise<RateBudgetLook | null>;
  /** Makes a bucket with so many tokens, unless there is one. */
  create(id: string, tokens: number): Promise<void>;
  /** Replaces the bucket if it still has the version. False when somebody else wrote since. */
  replace(version: number, next: RateBudgetDocument): Promise<boolean>;
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

export class MongoRateBudgetStore implements RateBudgetStore {
  private readonly budgets: Collection<RateBudgetDocument>;

  constructor(client: MongoClient, namespace: string) {
    this.budgets = rateBudgetCollection(client, namespace);
  }

  async look(id: string): Promise<RateBudgetLook | null> {
    const [found] = await this.budgets
      .aggregate<RateBudgetDocument & { now: Date }>([{ $match: { _id: id } }, { $set: { now: '$$NOW' } }])
      .toArray();
    if (found === undefined) return null;
    const { now, ...bucket } = found;
    return { bucket, now: now.getTime() };
  }

  async create(id: string, tokens: number): Promise<void> {
    const kept = (field: string, value: unknown) => ({ $ifNull: [`$${field}`, value] });
    try {
      await this.budgets.updateOne(
        { _id: id },
        [
          {
            $set: {
              tokens: kept('tokens', tokens),
              at: kept('at', { $toLong: '$$NOW' }),
              notBefore: kept('notBefore', 0),
              version: kept('version', 0),
            },
          },
        ],
        { upsert: true },
      );
    } catch (error) {
      // Two upserts at once: the other one made it.
      if (!(error instanceof Error && 'code' in error && error.code === 11000)) throw error;
    }
  }

  async replace(version: number, { _id, ...rest }: RateBudgetDocument): Promise<boolean> {
    return (await this.budgets.replaceOne({ _id, version }, rest)).modifiedCount === 1;
  }
}
