import { Inject, Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, integrations, inTransaction } from '@rollcall/collections';
import type { ClientSession, Collection } from 'mongodb';

/** Slots of integrations: `nextSlotAt` and what is shown of it. */
@Injectable()
export class SchedulesRepository {
  private readonly integrations: Collection<IntegrationDocument>;

  constructor(@Inject(Databases) private readonly databases: Databases) {
    this.integrations = databases.collection(integrations);
  }

  async inTransaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }

  async findDue(now: Date, limit: number): Promise<IntegrationDocument[]> {
    return this.integrations
      .find({ nextSlotAt: { $ne: null, $lte: now }, state: 'active' })
      .sort({ nextSlotAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** Moves a slot on, if it is still the planned one (A2). Null: another replica was faster, or the schedule changed. */
  async claim(session: ClientSession, due: IntegrationDocument, next: Date): Promise<IntegrationDocument | null> {
    return this.integrations.findOneAndUpdate(
      { _id: due._id, state: 'active', nextSlotAt: due.nextSlotAt },
      { $set: { nextSlotAt: next, nextRunAt: next.toISOString() } },
      { session, returnDocument: 'after' },
    );
  }
}
