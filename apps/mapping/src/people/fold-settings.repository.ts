import { Injectable } from '@nestjs/common';
import { Databases, type FoldSettingsDocument, settings, trusted } from '@rollcall/collections';
import { builtInFields } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

import { firstKeyKinds, uniqueSettings } from './keys.js';

const first: FoldSettingsDocument = {
  _id: 'fold',
  version: 1,
  concerns: 1,
  ...uniqueSettings(builtInFields),
  integrations: {},
};

/** The one versioned document of what folds a person (D1). */
@Injectable()
export class FoldSettingsRepository {
  private readonly collection: Model<FoldSettingsDocument>;

  constructor(private readonly databases: Databases) {
    this.collection = databases.model(settings);
  }

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  async get(session?: ClientSession): Promise<FoldSettingsDocument> {
    const stored = await this.collection.findOne({ _id: 'fold' }, null, { session }).lean();
    return stored === null ? first : { keyKinds: firstKeyKinds, ...stored };
  }

  /** Settings from before fields told how they are compared get that, and everybody is folded again for their keys. */
  async addKeyKinds(): Promise<void> {
    await this.collection.updateOne({ _id: 'fold', keyKinds: trusted({ $exists: false }) }, [
      { $set: { keyKinds: { $literal: firstKeyKinds }, version: { $add: ['$version', 1] } } },
      { $set: { concerns: '$version' } },
    ]);
  }

  /** Replaces the settings if nobody else did meanwhile; the caller's transaction is retried otherwise. */
  async replace(session: ClientSession, before: FoldSettingsDocument, after: FoldSettingsDocument): Promise<void> {
    await this.collection.replaceOne({ _id: 'fold', version: before.version }, after, { session, upsert: true });
  }
}
