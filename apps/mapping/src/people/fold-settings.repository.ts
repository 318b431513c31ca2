import { Inject, Injectable } from '@nestjs/common';
import { Databases, type FoldSettingsDocument, settings } from '@rollcall/collections';
import { builtInFields } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

const first: FoldSettingsDocument = {
  _id: 'fold',
  version: 1,
  concerns: 1,
  uniqueFields: builtInFields.filter((field) => field.unique).map((field) => field.variable),
  integrations: {},
};

/** The one versioned document of what folds a person (D1). */
@Injectable()
export class FoldSettingsRepository {
  private readonly collection: Collection<FoldSettingsDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.collection = databases.collection(settings);
  }

  async get(session?: ClientSession): Promise<FoldSettingsDocument> {
    return (await this.collection.findOne({ _id: 'fold' }, { session })) ?? first;
  }

  /** Replaces the settings if nobody else did meanwhile; the caller's transaction is retried otherwise. */
  async replace(session: ClientSession, before: FoldSettingsDocument, after: FoldSettingsDocument): Promise<void> {
    await this.collection.replaceOne({ _id: 'fold', version: before.version }, after, { session, upsert: true });
  }
}
