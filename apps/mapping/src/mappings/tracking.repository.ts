import { Injectable } from '@nestjs/common';
import { Databases, type ReadingDocument, tracking, type TrackingDocument } from '@rollcall/collections';
import type { Collection } from 'mongodb';

import type { CompiledMapping } from './compile-mapping.js';

/**
 * Tracking values: same for all records of a run, other in each run (R78, D8). Kept apart so that they never make a
 * revision, and written only where they are mapped (R79).
 */
@Injectable()
export class TrackingRepository {
  private readonly collection: Collection<TrackingDocument>;

  constructor(databases: Databases) {
    this.collection = databases.collection(tracking);
  }

  async note(mapping: CompiledMapping, reading: ReadingDocument, accounts: readonly string[]): Promise<void> {
    if (mapping.tracking.length === 0 || accounts.length === 0) return;
    const values = {
      run: reading.run,
      syncTime: reading.pinned.startedAt,
      credentialName: reading.pinned.credentialName,
    };
    const { matchedCount } = await this.collection.updateMany({ _id: { $in: [...accounts] } }, { $set: values });
    if (matchedCount === accounts.length) return;
    await this.collection.bulkWrite(
      accounts.map((_id) => ({ updateOne: { filter: { _id }, update: { $set: values }, upsert: true } })),
      { ordered: false },
    );
  }
}
