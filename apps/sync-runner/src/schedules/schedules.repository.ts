import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, integrations, inTransaction } from '@rollcall/collections';
import type { Quarantine } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model, PipelineStage } from 'mongoose';

/** An integration, and what time it was by the database's clock. */
export interface Seen {
  readonly integration: IntegrationDocument;
  readonly now: Date;
}

/** Slots of integrations: `nextSlotAt` and what is shown of it. */
@Injectable()
export class SchedulesRepository {
  private readonly integrations: Model<IntegrationDocument>;

  constructor(private readonly databases: Databases) {
    this.integrations = databases.model(integrations);
  }

  async inTransaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }

  /** Integrations whose slot has come, with the time by which that was judged: the database's. */
  async findDue(limit: number): Promise<Seen[]> {
    return this.seen([
      { $match: { state: 'active', nextSlotAt: { $ne: null }, $expr: { $lte: ['$nextSlotAt', '$$NOW'] } } },
      { $sort: { nextSlotAt: 1 } },
      { $limit: limit },
    ]);
  }

  /** Every integration that has a slot. */
  async findScheduled(): Promise<Seen[]> {
    return this.seen([{ $match: { state: 'active', nextSlotAt: { $ne: null } } }]);
  }

  private async seen(stages: PipelineStage[]): Promise<Seen[]> {
    const found = this.integrations.aggregate<IntegrationDocument & { seenAt: Date }>([
      ...stages,
      { $set: { seenAt: '$$NOW' } },
    ]);
    return (await found).map(({ seenAt, ...integration }) => ({ integration, now: seenAt }));
  }

  /** Moves a slot on, if it is still the planned one (A2). Null: another replica was faster, or the schedule changed. */
  async claim(session: ClientSession, due: IntegrationDocument, next: Date): Promise<IntegrationDocument | null> {
    return this.integrations
      .findOneAndUpdate(
        { _id: due._id, state: 'active', nextSlotAt: due.nextSlotAt },
        { $set: { nextSlotAt: next, nextRunAt: next.toISOString() } },
        { session, returnDocument: 'after' },
      )
      .lean();
  }

  async postpone(due: IntegrationDocument, until: Date, quarantine: Quarantine): Promise<void> {
    await this.integrations.updateOne(
      { _id: due._id, nextSlotAt: due.nextSlotAt },
      { $set: { nextSlotAt: until, nextRunAt: until.toISOString(), quarantine } },
    );
  }
}
