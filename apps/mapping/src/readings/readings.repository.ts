import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  Databases,
  type IntegrationDocument,
  integrations,
  type ReadingDocument,
  readings,
  seen,
  type SeenDocument,
} from '@rollcall/collections';
import type { ClientSession, Collection, FindCursor } from 'mongodb';

/** What decides whether an account is staged. */
export type StageableAccount = Pick<
  AccountDocument,
  '_id' | 'vendorId' | 'active' | 'sourceStatus' | 'observedAt' | 'observedBy' | 'hold'
>;

export type OwnUsers = ReadonlyMap<string, readonly string[]>;

/** Readings, seen chunks, and what END and SWEEP need to know of accounts and integrations. */
@Injectable()
export class ReadingsRepository {
  private readonly readings: Collection<ReadingDocument>;
  private readonly seen: Collection<SeenDocument>;
  private readonly accounts: Collection<AccountDocument>;
  private readonly integrations: Collection<IntegrationDocument>;

  constructor(databases: Databases) {
    this.readings = databases.collection(readings);
    this.seen = databases.collection(seen);
    this.accounts = databases.collection(accounts);
    this.integrations = databases.collection(integrations);
  }

  async find(integration: string): Promise<ReadingDocument | null> {
    return this.readings.findOne({ _id: integration });
  }

  /** Integration → own users of the credential that it was read with last. */
  async ownUsers(session?: ClientSession): Promise<OwnUsers> {
    const found = await this.readings.find({}, { session, projection: { 'pinned.ownUsers': 1 } }).toArray();
    return new Map(found.map(({ _id, pinned }) => [_id, pinned.ownUsers]));
  }

  async put(session: ClientSession, reading: ReadingDocument): Promise<void> {
    await this.readings.replaceOne({ _id: reading._id }, reading, { session, upsert: true });
  }

  async addSeen(session: ClientSession, chunk: SeenDocument): Promise<void> {
    await this.seen.insertOne(chunk, { session });
  }

  /** Marks generations that cannot be trusted any more (B3, B6): one integration's, or all open ones of a partition. */
  async taint(
    session: ClientSession,
    where: { readonly partition: number; readonly integration: string | null },
    reason: { code: string; message: string },
  ): Promise<void> {
    const filter = where.integration === null ? { partition: where.partition } : { _id: where.integration };
    await this.readings.updateMany(
      { ...filter, state: 'open', tainted: null },
      { $set: { tainted: reason } },
      { session },
    );
  }

  async countActive(integration: string): Promise<number> {
    return this.accounts.countDocuments({ integration, active: true });
  }

  seenChunks(integration: string, generation: number): FindCursor<SeenDocument> {
    const prefix = `${integration}/${generation}/`;
    return this.seen.find({ _id: { $gte: prefix, $lt: `${integration}/${generation}0` } });
  }

  /** Every active account of an integration, with what decides whether it is staged and nothing more. */
  activeAccounts(integration: string): FindCursor<StageableAccount> {
    return this.accounts
      .find({ integration, active: true })
      .project<StageableAccount>({ vendorId: 1, active: 1, sourceStatus: 1, observedAt: 1, observedBy: 1, hold: 1 })
      .batchSize(5000);
  }

  async accountsById(ids: readonly string[]): Promise<AccountDocument[]> {
    return this.accounts
      .find({ _id: { $in: [...ids] } })
      .sort({ _id: 1 })
      .toArray();
  }

  async integration(id: string): Promise<IntegrationDocument | null> {
    return this.integrations.findOne({ _id: id });
  }
}
