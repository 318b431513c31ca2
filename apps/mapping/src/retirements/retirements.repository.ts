import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type ClientSession,
  Databases,
  type RetirementDocument,
  retirements,
  trusted,
} from '@rollcall/collections';
import type { Model, QueryFilter } from 'mongoose';

import { idsOf } from '../changes/changes.repository.js';

/** Integrations whose accounts are being retired, or wait for their removal. */
@Injectable()
export class RetirementsRepository {
  private readonly retirements: Model<RetirementDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(databases: Databases) {
    this.retirements = databases.model(retirements);
    this.accounts = databases.model(accounts);
  }

  async put(session: ClientSession, { _id, ...retirement }: RetirementDocument): Promise<void> {
    await this.retirements.replaceOne({ _id }, retirement, { session, upsert: true });
  }

  /** One with work to do: accounts to retire, or the end of their replay window reached. */
  async next(removableBefore: Date): Promise<RetirementDocument | null> {
    return this.retirements.findOne({ $or: [{ isDone: false }, { at: trusted({ $lt: removableBefore }) }] }).lean();
  }

  async done(integration: string): Promise<void> {
    await this.retirements.updateOne({ _id: integration }, { $set: { isDone: true } });
  }

  async forget(integration: string): Promise<void> {
    await this.retirements.deleteOne({ _id: integration });
  }

  async countOpen(integration: string, session: ClientSession): Promise<number> {
    return this.accounts.countDocuments(openOf(integration), { session });
  }

  async openAccounts(integration: string, limit: number): Promise<string[]> {
    const found = await this.accounts.find(openOf(integration), { _id: 1 }).limit(limit).lean();
    return found.map(({ _id }) => _id);
  }
}

const openOf = (integration: string): QueryFilter<AccountDocument> => ({
  _id: trusted(idsOf(integration)),
  retired: trusted({ $exists: false }),
});
