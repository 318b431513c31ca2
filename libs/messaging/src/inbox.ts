import type { InboxDocument } from '@rollcall/collections';
import type { ClientSession, Collection } from 'mongodb';

/** Deduplication of events by id, inside the transaction of their effect (architecture 5, C6). */
export class Inbox {
  /** @param now epoch milliseconds by the database's clock: entries are removed by it */
  constructor(
    private readonly collection: Collection<InboxDocument>,
    private readonly now: () => number,
  ) {}

  /** True the first time an id is seen. Asks first, because a duplicate key would abort the whole transaction. */
  async takeOnce(session: ClientSession, id: string): Promise<boolean> {
    const known = await this.collection.findOne({ _id: id }, { session, projection: { _id: 1 } });
    if (known) return false;
    await this.collection.insertOne({ _id: id, at: new Date(this.now()) }, { session });
    return true;
  }
}
