import { Injectable } from '@nestjs/common';
import { type ChainHeadDocument, Databases, useChains, useLog, type UseLogDocument } from '@rollcall/collections';

@Injectable()
export class UseLogRepository {
  constructor(private readonly databases: Databases) {}

  /** On the journal of a majority when it resolves, in this order (P25). */
  async insert(uses: readonly UseLogDocument[]): Promise<void> {
    await this.databases.model(useLog).insertMany([...uses], { ordered: true });
  }

  async noteHead({ _id, ...head }: ChainHeadDocument): Promise<void> {
    await this.databases.model(useChains).updateOne({ _id }, { $set: head }, { upsert: true });
  }
}
