import { Injectable } from '@nestjs/common';
import {
  auditChains,
  type AuditDocument,
  auditEvents,
  type ChainGap,
  type ChainHeadDocument,
  type ChainLink,
  Databases,
  trusted,
} from '@rollcall/collections';

/** What becomes of a write that was asked for. */
export type AuditOutcome = Required<Pick<AuditDocument, 'status' | 'object' | 'made' | 'changes' | 'endedAt'>>;

@Injectable()
export class AuditRepository {
  constructor(private readonly databases: Databases) {}

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  async insert(document: AuditDocument): Promise<void> {
    await this.databases.model(auditEvents).create([document]);
  }

  async setOutcome(id: string, outcome: AuditOutcome & { endLink: ChainLink }): Promise<void> {
    await this.databases.model(auditEvents).updateOne({ _id: id }, { $set: outcome });
  }

  async noteHead({ _id, ...head }: ChainHeadDocument): Promise<void> {
    await this.databases.model(auditChains).updateOne({ _id }, { $set: head }, { upsert: true });
  }

  /** Entries of a chain that were deleted for their age, as it stands now. */
  async gapsOf(chain: string): Promise<readonly ChainGap[]> {
    return (await this.databases.model(auditChains).findOne({ _id: chain }).lean())?.gaps ?? [];
  }

  async heads(): Promise<ChainHeadDocument[]> {
    return this.databases.model(auditChains).find().lean();
  }

  /** Every entry twice if it has an outcome, chain by chain, in the order of their numbers. */
  async *chained(): AsyncGenerator<{ document: AuditDocument; isOutcome: boolean }> {
    const entries = this.databases
      .collection(auditEvents)
      .aggregate<{ document: AuditDocument; isOutcome: boolean }>(
        [
          { $project: { document: '$$ROOT', links: ['$link', '$endLink'] } },
          { $unwind: { path: '$links', includeArrayIndex: 'place' } },
          { $match: { 'links.chain': { $type: 'string' } } },
          { $sort: { 'links.chain': 1, 'links.number': 1 } },
          { $project: { document: 1, isOutcome: { $eq: ['$place', 1] } } },
        ],
        { allowDiskUse: true },
      );
    for await (const entry of entries) yield entry;
  }

  async countUnchained(): Promise<number> {
    return this.databases.model(auditEvents).countDocuments({ link: trusted({ $exists: false }) });
  }
}
