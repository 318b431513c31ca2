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
    const { matchedCount } = await this.collection.updateOne(
      { _id: name, $expr: { $or: [{ $eq: ['$holder', this.holder] }, { $lt: ['$until', '$$NOW'] }] } },
      [{ $set: { holder: this.holder, until } }],
    );
    return matchedCount === 1 || this.takeFirst(name, lifeMs);
  }

  /** Nobody ever held it: whoever inserts first has it. An upsert cannot compare with the server's clock. */
  private async takeFirst(name: string, lifeMs: number): Promise<boolean> {
    if (await this.collection.findOne({ _id: name }, { projection: { _id: 1 } })) return false;
    try {
      await this.collection.insertOne({ _id: name, holder: this.holder, until: new Date(Date.now() + lifeMs) });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(name: string): Promise<void> {
    await this.collection.deleteOne({ _id: name, holder: this.holder });
  }
}
