import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type AppDocument,
  apps,
  Databases,
  type FieldDocument,
  fields,
  type MappingDocument,
  mappings,
  withEdit,
} from '@rollcall/collections';
import type { ConnectorManifest, MappingDefinition, PeopleField } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

import { mappedProperties } from './mapped-properties.js';

@Injectable()
export class MappingsRepository {
  private readonly mappings: Model<MappingDocument>;
  private readonly fields: Model<FieldDocument>;
  private readonly apps: Model<AppDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(private readonly databases: Databases) {
    this.mappings = databases.model(mappings);
    this.fields = databases.model(fields);
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

  async changeField(
    session: ClientSession,
    { variable, edits }: FieldDocument,
    changes: Partial<Pick<PeopleField, 'label' | 'required' | 'unique' | 'filterable'>>,
    by: string,
  ): Promise<FieldDocument> {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const after = await this.fields
      .findOneAndUpdate(
        { _id: variable },
        { $set: { variable, ...given, edits: withEdit(edits, { by, at: this.databases.time(), kind: 'changed' }) } },
        { session, returnDocument: 'after' },
      )
      .lean();
    if (after === null) throw new Error(`people field ${variable} vanished inside a transaction`);
    return after;
  }

  async allFields(session?: ClientSession): Promise<FieldDocument[]> {
    return this.fields.find({}, null, { session }).lean();
  }

  /** Adds fields that are missing; existing ones keep label and type, which are their owner's to change (R67). */
  async addFields(
    session: ClientSession,
    wanted: readonly PeopleField[],
    { builtIn = false, by }: { readonly builtIn?: boolean; readonly by?: string } = {},
  ): Promise<void> {
    const existing = new Set((await this.allFields(session)).map((field) => field._id));
    const missing = wanted.filter((field) => !existing.has(field.variable));
    if (missing.length === 0) return;
    const edits = by === undefined ? undefined : [{ by, at: this.databases.time(), kind: 'made' as const }];
    await this.fields.insertMany(
      missing.map((field) => ({ _id: field.variable, ...field, builtIn, edits })),
      { session },
    );
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
