import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  Databases,
  guardSettings,
  type GuardSettingsDocument,
  type SweepDocument,
  sweeps,
  trusted,
} from '@rollcall/collections';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

export type Session = ClientSession;

/** What was swept without a person, and the settings of the guard. */
@Injectable()
export class SweepsRepository {
  private readonly sweeps: Model<SweepDocument>;
  private readonly settings: Model<GuardSettingsDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(databases: Databases) {
    this.sweeps = databases.model(sweeps);
    this.settings = databases.model(guardSettings);
    this.accounts = databases.model(accounts);
  }

  /** Two reservations at once conflict here, so that each adds up what the other one reserved (P10). */
  async meetOthers(session: Session): Promise<void> {
    await this.settings.updateOne(
      { _id: 'guard' },
      { $inc: { reservations: 1 }, $setOnInsert: { version: 1, approvalByEditor: false } },
      { session, upsert: true },
    );
  }

  /** Accounts swept since then by other runs than that one, of one integration or of all. */
  async sum(
    { since, except, integration }: { since: Date; except: string; integration?: string },
    session?: Session,
  ): Promise<number> {
    const match = { _id: { $ne: except }, at: { $gt: since }, ...(integration === undefined ? {} : { integration }) };
    const [found] = await this.sweeps.aggregate<{ count: number }>(
      [{ $match: match }, { $group: { _id: null, count: { $sum: '$count' } } }],
      {
        session,
      },
    );
    return found?.count ?? 0;
  }

  async put(session: Session, { _id, ...sweep }: SweepDocument): Promise<void> {
    await this.sweeps.replaceOne({ _id }, sweep, { session, upsert: true });
  }

  /** Lines that were stale in the end were not swept. */
  async lower(session: Session, run: string, count: number): Promise<void> {
    await this.sweeps.updateOne({ _id: run }, { $min: { count } }, { session });
  }

  async activeSaasUsers(): Promise<number> {
    return this.accounts.countDocuments({ app: trusted({ $ne: null }), active: true });
  }

  async readSettings(session?: Session): Promise<GuardSettingsDocument> {
    const found = await this.settings.findOne({ _id: 'guard' }, null, { session }).lean();
    return found ?? { _id: 'guard', version: 1, approvalByEditor: false, reservations: 0 };
  }

  async writeSettings(session: Session, approvalByEditor: boolean): Promise<GuardSettingsDocument> {
    const after = await this.settings
      .findOneAndUpdate(
        { _id: 'guard' },
        { $set: { approvalByEditor }, $inc: { version: 1 }, $setOnInsert: { reservations: 0 } },
        { session, upsert: true, returnDocument: 'after' },
      )
      .lean();
    return after!;
  }
}
