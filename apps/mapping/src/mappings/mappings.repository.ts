import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type AppDocument,
  apps,
  Databases,
  type MappingDocument,
  mappings,
} from '@rollcall/collections';
import type { ConnectorManifest, MappingDefinition } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

import { mappedProperties } from './mapped-properties.js';

@Injectable()
export class MappingsRepository {
  private readonly mappings: Model<MappingDocument>;
  private readonly apps: Model<AppDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(private readonly databases: Databases) {
    this.mappings = databases.model(mappings);
    this.apps = databases.model(apps);
    this.accounts = databases.model(accounts);
  }

  async version(integration: string, version: number): Promise<MappingDocument | null> {
    return this.mappings.findOne({ _id: `${integration}/${version}` }).lean();
  }

  async latest(session: ClientSession, integration: string): Promise<MappingDocument | null> {
    return this.mappings.findOne({ integration }, null, { session, sort: { version: -1 } }).lean();
  }

  async newest(integration: string): Promise<MappingDocument | null> {
    return this.mappings.findOne({ integration }, null, { sort: { version: -1 } }).lean();
  }

  async add(
    session: ClientSession,
    integration: string,
    version: number,
    definition: MappingDefinition,
    by?: string,
  ): Promise<MappingDocument> {
    const reads = mappedProperties(definition);
    const _id = `${integration}/${version}`;
    const document: MappingDocument = {
      _id,
      integration,
      version,
      definition,
      reads,
      by,
      createdAt: this.databases.time(),
    };
    await this.mappings.create([document], { session });
    return document;
  }

  /** Whether any version that a run may still use finds people by this field. */
  async isSyncKey(variable: string, session: ClientSession): Promise<boolean> {
    return (await this.mappings.findOne({ 'definition.syncKeys': variable }, null, { session }).lean()) !== null;
  }

  /** Auto-link: the vendor's app appears under Software > SaaS by itself (R30). */
  async linkApp(session: ClientSession, manifest: ConnectorManifest): Promise<string> {
    const { catalogueId, name, category } = manifest.app;
    await this.apps.updateOne(
      { _id: catalogueId },
      { $setOnInsert: { name, category, connector: manifest.id, linkedBy: 'auto', createdAt: this.databases.time() } },
      { session, upsert: true },
    );
    return catalogueId;
  }

  /** Takes away an entry that made itself, unless users are or were in it. */
  async removeUnusedApp(session: ClientSession, id: string): Promise<void> {
    const user = await this.accounts.findOne({ app: id }, { _id: 1 }, { session }).lean();
    if (user === null) await this.apps.deleteOne({ _id: id, linkedBy: 'auto' }, { session });
  }
}
