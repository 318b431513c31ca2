import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, trusted, type WatchDocument, watches } from '@rollcall/collections';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

@Injectable()
export class WatchesRepository {
  private readonly watches: Model<WatchDocument>;

  constructor(private readonly databases: Databases) {
    this.watches = databases.model(watches);
  }

  async inTransaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }

  async find(session: ClientSession, integration: string): Promise<WatchDocument | null> {
    return this.watches.findOne({ _id: integration }, null, { session }).lean();
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
            { state: 'active', expectedAt: trusted({ $lte: slotsBefore }) },
            { 'openRun.overdueNoticed': false, 'openRun.startedAt': trusted({ $lte: startsBefore }) },
          ],
        },
        { _id: 1 },
      )
      .lean();
    return due.map((watch) => watch._id);
  }
}
