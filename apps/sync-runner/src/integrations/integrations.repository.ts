import { Injectable } from '@nestjs/common';
import {
  type AppDocument,
  apps,
  type CredentialDocument,
  credentials,
  Databases,
  type FieldDocument,
  fields,
  type IntegrationDocument,
  integrations,
  type MappingDocument,
  mappings,
  trusted,
} from '@rollcall/collections';
import { pathProperties } from '@rollcall/connector-kit';
import { rawRecordsTopic } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

export type Session = ClientSession;

/** Version and top-level properties of the vendor's record that it reads. */
export interface NewestMapping {
  /** Null until mapping knows the integration. */
  readonly version: number | null;
  readonly properties: readonly string[];
  /** Labels of people fields that are required by now and that it does not map: it was saved before they were. */
  readonly unmappedRequired: readonly string[];
}

/** Integrations, and what the vault and mapping publish that they depend on. */
@Injectable()
export class IntegrationsRepository {
  private readonly integrations: Model<IntegrationDocument>;
  private readonly credentials: Model<CredentialDocument>;
  private readonly mappings: Model<MappingDocument>;
  private readonly apps: Model<AppDocument>;
  private readonly fields: Model<FieldDocument>;

  constructor(private readonly databases: Databases) {
    this.integrations = databases.model(integrations);
    this.credentials = databases.model(credentials);
    this.mappings = databases.model(mappings);
    this.apps = databases.model(apps);
    this.fields = databases.model(fields);
  }

  /** By the database's clock, by which runs begin. */
  time(): Date {
    return this.databases.time();
  }

  async now(): Promise<Date> {
    return this.databases.now();
  }

  async find(id: string, session?: Session): Promise<IntegrationDocument | null> {
    return this.integrations.findOne({ _id: id }, null, { session }).lean();
  }

  async isNameTaken(session: Session, name: string, except: string): Promise<boolean> {
    return (
      (await this.integrations.findOne({ name, _id: trusted({ $ne: except }) }, { _id: 1 }, { session }).lean()) !==
      null
    );
  }

  async insert(session: Session, integration: IntegrationDocument): Promise<void> {
    await this.integrations.create([integration], { session });
  }

  /** Writes settings under the next version; runs of the integration write other fields of it and are left alone. */
  async update(
    session: Session,
    before: IntegrationDocument,
    set: Partial<IntegrationDocument>,
  ): Promise<IntegrationDocument> {
    const after = await this.integrations
      .findOneAndUpdate(
        { _id: before._id, version: before.version },
        { $set: { ...set, version: before.version + 1 } },
        { session, returnDocument: 'after' },
      )
      .lean();
    // Another version would have been a write conflict of the transaction, which is tried again.
    if (after === null) throw new Error(`integration ${before._id} changed inside a transaction`);
    return after;
  }

  /** False when a run was opened meanwhile. */
  async delete(session: Session, id: string): Promise<boolean> {
    return (await this.integrations.deleteOne({ _id: id, openRun: null }, { session })).deletedCount === 1;
  }

  async noteRegistered(id: string, registered: IntegrationDocument['registered']): Promise<void> {
    await this.integrations.updateOne({ _id: id }, { $set: { registered } });
  }

  async usedPriorities(session: Session): Promise<number[]> {
    return this.integrations.distinct('priority', {}, { session });
  }

  /** The partition that fewest integrations use, the lowest of several (A5). */
  async leastUsedPartition(session: Session): Promise<number> {
    const used = new Array<number>(rawRecordsTopic.partitions).fill(0);
    const all = await this.integrations.find({}, { partition: 1 }, { session }).lean();
    for (const { partition } of all) used[partition] = (used[partition] ?? 0) + 1;
    return used.indexOf(Math.min(...used));
  }

  async findCredential(id: string, session?: Session): Promise<CredentialDocument | null> {
    return this.credentials.findOne({ _id: id }, null, { session }).lean();
  }

  async newestMapping(integration: string, session?: Session): Promise<NewestMapping> {
    const options = { session, sort: { version: -1 as const } };
    const mapping = await this.mappings.findOne({ integration }, null, options).lean();
    if (mapping === null) return { version: null, properties: [], unmappedRequired: [] };
    const mapped = mapping.definition.entries.map(({ to }) => to);
    const unmapped = await this.fields
      .find({ required: true, variable: trusted({ $nin: mapped }) }, null, { session })
      .lean();
    return {
      version: mapping.version,
      // Versions from before these were kept read at least what their paths name.
      properties: mapping.reads ?? pathProperties(mapping.definition),
      unmappedRequired: unmapped.map(({ label }) => label).sort(),
    };
  }

  async findApp(catalogueId: string, session?: Session): Promise<AppDocument | null> {
    return this.apps.findOne({ _id: catalogueId }, null, { session }).lean();
  }
}
