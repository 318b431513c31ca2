import type { LeaseDocument } from '@rollcall/collections';
import { isDuplicateKey } from '@rollcall/collections';
import type { Collection } from 'mongodb';

/**
 * Named leases that one process holds at a time. Expiry is judged by the database's clock (`$$NOW`), so that clocks of
 * processes need not agree (P44).
 */
export class Leases {
  constructor(
    private readonly collection: Collection<LeaseDocument>,
    readonly holder: string,
  ) {}

  /** Takes or renews a lease. True if this process holds it now. */
  async take(name: string, lifeMs: number): Promise<boolean> {
    const until = { $add: ['$$NOW', lifeMs] };
    try {
      const result = await this.collection.updateOne(
        { _id: name, $expr: { $or: [{ $eq: ['$holder', this.holder] }, { $lt: ['$until', '$$NOW'] }] } },
        [{ $set: { holder: this.holder, until } }],
        { upsert: true },
      );
      return result.matchedCount + result.upsertedCount > 0;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(name: string): Promise<void> {
    await this.collection.deleteOne({ _id: name, holder: this.holder });
  }
}
