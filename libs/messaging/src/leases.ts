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
    // A lease that nobody ever held has no `until`, which compares as lower than any time.
    const free = { $or: [{ $eq: ['$holder', this.holder] }, { $lt: ['$until', '$$NOW'] }] };
    const holder = { $cond: [free, this.holder, '$holder'] };
    const until = { $cond: [free, { $add: ['$$NOW', lifeMs] }, '$until'] };
    try {
      const lease = await this.collection.findOneAndUpdate({ _id: name }, [{ $set: { holder, until } }], {
        upsert: true,
        returnDocument: 'after',
      });
      return lease?.holder === this.holder;
    } catch (error) {
      // Somebody else took it for the first time in the same moment.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(name: string): Promise<void> {
    await this.collection.deleteOne({ _id: name, holder: this.holder });
  }
}
