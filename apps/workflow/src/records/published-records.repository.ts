import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type AppDocument,
  apps,
  type CredentialDocument,
  credentials,
  Databases,
  fields,
  type IntegrationDocument,
  integrations,
  mappings,
  type NewestEntries,
  newestEntries,
  people,
  type PeoplePlanDocument,
  peoplePlans,
  type PersonDocument,
  type ReadingDocument,
  readings,
  type RunDocument,
  runs,
  trusted,
} from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';

export type KnownPlan = Pick<PeoplePlanDocument, '_id' | 'state' | 'executedAt'>;
/** What a workflow must know of an integration to ask its vendor as its runs do. */
export type KnownIntegration = Pick<IntegrationDocument, '_id' | 'connector' | 'credential' | 'inputs'>;

const integrationFields = { connector: 1, credential: 1, inputs: 1 } as const;

export type KnownRun = Pick<RunDocument, '_id' | 'state' | 'endedAt'>;

/** Reads of what other services publish. Nothing here is ever written. */
@Injectable()
export class PublishedRecords {
  constructor(private readonly databases: Databases) {}

  findAccount(id: string): Promise<AccountDocument | null> {
    return this.databases.model(accounts).findOne({ _id: id }).lean();
  }

  findPerson(id: string): Promise<PersonDocument | null> {
    return this.databases.model(people).findOne({ _id: id }).lean();
  }

  accountsOfPerson(person: string): Promise<AccountDocument[]> {
    return this.databases.model(accounts).find({ person }).lean();
  }

  /** People of the whole installation; those merged into others are none. */
  countActivePeople(): Promise<number> {
    return this.databases.model(people).countDocuments({ active: true, mergedInto: null });
  }

  countActive(app: string): Promise<number> {
    return this.databases.model(accounts).countDocuments({ app, active: true });
  }

  findRun(id: string): Promise<KnownRun | null> {
    return this.databases.model(runs).findOne({ _id: id }, { state: 1, endedAt: 1 }).lean();
  }

  findPeoplePlan(id: string): Promise<KnownPlan | null> {
    return this.databases.model(peoplePlans).findOne({ _id: id }, { state: 1, executedAt: 1 }).lean();
  }

  findIntegration(id: string): Promise<KnownIntegration | null> {
    return this.databases.model(integrations).findOne({ _id: id }, integrationFields).lean();
  }

  /** The integration that uses a credential, null when none does or several do. */
  async findOnlyUser(credential: string): Promise<KnownIntegration | null> {
    const found = await this.databases.model(integrations).find({ credential }, integrationFields, { limit: 2 }).lean();
    return found.length === 1 ? found[0]! : null;
  }

  findCredential(id: string): Promise<CredentialDocument | null> {
    return this.databases.model(credentials).findOne({ _id: id }).lean();
  }

  /** The own users of the credential that an integration was read with last. */
  async ownUsersOfReading(integration: string): Promise<readonly string[]> {
    const reading = await this.databases
      .model(readings)
      .findOne({ _id: integration }, { 'pinned.ownUsers': 1 })
      .lean<Pick<ReadingDocument, 'pinned'>>();
    return reading?.pinned.ownUsers ?? [];
  }

  async fieldVariables(): Promise<ReadonlySet<string>> {
    const found = await this.databases.model(fields).find({}, { variable: 1 }).lean();
    return new Set(found.map((field) => field.variable));
  }

  /** What each integration maps. */
  newestMappings(): Promise<NewestEntries[]> {
    return this.databases.model(mappings).aggregate<NewestEntries>([...newestEntries]);
  }

  async apps(): Promise<ReadonlyMap<string, AppDocument>> {
    const found = await this.databases.model(apps).find().lean();
    return new Map(found.map((app) => [app._id, app]));
  }

  async credentials(ids: readonly string[]): Promise<ReadonlyMap<string, Pick<CredentialRecord, 'connector'>>> {
    const found = await this.databases
      .model(credentials)
      .find({ _id: trusted({ $in: [...ids] }) }, { connector: 1 })
      .lean();
    return new Map(found.map((credential) => [credential._id, credential]));
  }
}
