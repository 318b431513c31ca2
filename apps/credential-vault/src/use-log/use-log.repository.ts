import { Injectable } from '@nestjs/common';
import {
  type ChainGap,
  type ChainHeadDocument,
  type ChainLink,
  Databases,
  trusted,
  useChains,
  useLog,
  type UseLogDocument,
} from '@rollcall/collections';

export type LinkedUse = UseLogDocument & { link: ChainLink };

@Injectable()
export class UseLogRepository {
  constructor(private readonly databases: Databases) {}

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  /** On the journal of a majority when it resolves, in this order (P25). */
  async insert(uses: readonly UseLogDocument[]): Promise<void> {
    await this.databases.model(useLog).insertMany([...uses], { ordered: true });
  }

  async noteHead({ _id, ...head }: ChainHeadDocument): Promise<void> {
    await this.databases.model(useChains).updateOne({ _id }, { $set: head }, { upsert: true });
  }

  /** Entries of a chain that were deleted for their age, as it stands now. */
  async gapsOf(chain: string): Promise<readonly ChainGap[]> {
    return (await this.databases.model(useChains).findOne({ _id: chain }).lean())?.gaps ?? [];
  }

  async heads(): Promise<ChainHeadDocument[]> {
    return this.databases.model(useChains).find().lean();
  }

  /** Chain by chain, in the order of their numbers. */
  async *chained(): AsyncGenerator<LinkedUse> {
    const entries = this.databases.collection(useLog).find({ link: { $type: 'object' } });
    for await (const entry of entries.sort({ 'link.chain': 1, 'link.number': 1 })) yield entry as LinkedUse;
  }

  async countUnchained(): Promise<number> {
    return this.databases.model(useLog).countDocuments({ link: trusted({ $exists: false }) });
  }
}
