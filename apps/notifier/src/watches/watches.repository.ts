import { Inject, Injectable } from '@nestjs/common';
import { Databases, inTransaction, type WatchDocument, watches } from '@rollcall/collections';
import type { ClientSession, Collection } from 'mongodb';

@Injectable()
export class WatchesRepository {
  private readonly watches: Collection<WatchDocument>;

  constructor(@Inject(Databases) private readonly databases: Databases) {
    this.watches = databases.collection(watches);
  }

  async inTransaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }

  async find(session: ClientSession, integration: string): Promise<WatchDocument | null> {
    return this.watches.findOne({ _id: integration }, { session });
  }

  async save(session: ClientSession, watch: WatchDocument): Promise<void> {
    await this.watches.replaceOne({ _id: watch._id }, watch, { session, upsert: true });
  }

  async remove(session: ClientSession, integration: string): Promise<void> {
    await this.watches.deleteOne({ _id: integration }, { session });
  }

  /** Integrations whose slot was due at `slotsBefore`, or whose run, not yet told of, was open since `startsBefore`. */
  async findDue(slotsBefore: Date, startsBefore: Date): Promise<string[]> {
    const due = await this.watches
      .find(
        {
          $or: [
            { state: 'active', expectedAt: { $lte: slotsBefore } },
            { 'openRun.overdueNoticed': false, 'openRun.startedAt': { $lte: startsBefore } },
          ],
        },
        { projection: { _id: 1 } },
      )
      .toArray();
    return due.map((watch) => watch._id);
  }
}
