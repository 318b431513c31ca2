import { randomUUID } from 'node:crypto';

import {
  type AccountDocument,
  accounts,
  apps,
  type ChangeDocument,
  changes,
  type CredentialDocument,
  credentials,
  fields,
  type IntegrationDocument,
  integrations,
  type IntentDocument,
  intents,
  messagingCollections,
  people,
  type PersonDocument,
  type ReadingDocument,
  readings,
  type RunDocument,
  runs,
  type WorkflowRunDocument,
  workflowRuns,
} from '@rollcall/collections';
import { connectors } from '@rollcall/connectors';
import {
  type AccountRecord,
  activateWorkflow,
  type ApiBlock,
  builtInFields,
  type Cause,
  createWorkflow,
  deactivateWorkflow,
  encodeEvent,
  personDeactivated,
  type PersonRecord,
  saasUserCreated,
  saasUserDeactivated,
  topicsOwnedBy,
  type Trigger,
  type WorkflowDefinition,
  type WorkflowRecord,
} from '@rollcall/contracts';
import { ensureTopics } from '@rollcall/messaging';
import { createInfrastructure, type Infrastructure, parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { type RunningService, TestEnvironment, waitFor } from '@rollcall/testing';
import { type Simulator, startSimulator, type TrueAccount, type VendorId } from '@rollcall/vendor-simulator';

import { AppModule } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { TestVaultModule, vaultBook } from './test-vault.js';
import { buildVendorAccount, buildVendorPerson } from './vendor-records.js';

const credentialIds = { lastpass: 'credential-lastpass', jumpcloud: 'credential-jumpcloud' } as const;

export interface StoredAccount {
  readonly account: AccountDocument;
  readonly person: PersonDocument;
}

/** The workflow service on real engines, the simulated vendors, and a vault; mapping is played by its collections. */
export class WorkflowWorld {
  private revision = 1;

  private constructor(
    readonly environment: TestEnvironment,
    readonly simulator: Simulator,
    private readonly vault: RunningService,
    readonly gateway: Infrastructure,
    public service: RunningService,
    private readonly settings: Record<string, string>,
  ) {}

  static async create(settings: Record<string, string> = {}): Promise<WorkflowWorld> {
    const environment = await TestEnvironment.create();
    const simulator = await startSimulator({
      seed: 'workflow',
      company: 'load:80',
      vendors: ['lastpass', 'jumpcloud'],
    });
    await ensureTopics(environment.kafka, topicsOwnedBy('mapping'), 1);
    const plain = parseEnvironment(serviceConfigSchema, environment.variables());
    const vault = await environment.start('credential-vault', TestVaultModule, plain);
    const gateway = await createInfrastructure('gateway', plain);
    const service = await startWorkflow(environment, settings);
    const world = new WorkflowWorld(environment, simulator, vault, gateway, service, settings);
    await world.furnish();
    return world;
  }

  async restart(): Promise<void> {
    await this.service.stop();
    this.service = await startWorkflow(this.environment, this.settings);
  }

  async close(): Promise<void> {
    await this.service.stop();
    await this.vault.stop();
    await this.gateway.close();
    await this.simulator.stop();
    await this.environment.remove();
  }

  private get databases() {
    return this.environment.databases;
  }

  private async furnish(): Promise<void> {
    const createdAt = new Date();
    for (const [id, { manifest }] of Object.entries(connectors)) {
      const { catalogueId, name, category } = manifest.app;
      await this.databases
        .collection(apps)
        .insertOne({ _id: catalogueId, name, category, connector: id, linkedBy: 'auto', createdAt });
      for (const field of manifest.defaultMapping.newFields) await this.addField(field);
      await this.crowd(catalogueId, id as VendorId);
    }
    for (const field of builtInFields) await this.addField(field);
    await this.addCredential('lastpass', 'basic', this.simulator.credentials.lastpass);
    await this.addCredential('jumpcloud', 'api-key', this.simulator.credentials.jumpcloud);
  }

  /** Further active users of an app, who are nobody at the vendor: they make room in the budget of a day. */
  private async crowd(app: string, vendor: VendorId): Promise<void> {
    const user = { id: '', username: '', email: '', name: '', active: true, admin: false, personId: null };
    const one = { ...buildVendorAccount(vendor, user, '', ''), app, person: null };
    const crowd = Array.from({ length: 500 }, (_, number) => ({ ...one, _id: `crowd-${app}:${number}` }));
    await this.databases.collection(accounts).insertMany(crowd);
    const person = { ...buildVendorPerson(user, ''), mergedInto: null };
    const humans = crowd.map(({ _id }) => ({ ...person, _id, keys: [`email:${_id}`] }));
    await this.databases.collection(people).insertMany(humans);
  }

  private async addField(field: (typeof builtInFields)[number]): Promise<void> {
    const document = { _id: field.variable, ...field, builtIn: false };
    await this.databases.collection(fields).replaceOne({ _id: field.variable }, document, { upsert: true });
  }

  private async addCredential(
    vendor: keyof typeof credentialIds,
    type: 'basic' | 'api-key',
    secret: Record<string, string>,
  ) {
    const { manifest } = connectors[vendor]!;
    const _id = credentialIds[vendor];
    const baseUrl = `${this.simulator.urls[vendor]}${new URL(manifest.baseUrl).pathname.replace(/\/$/, '')}`;
    const now = new Date().toISOString();
    await this.databases.collection(credentials).insertOne({
      _id,
      version: 1,
      name: _id,
      connector: vendor,
      type,
      baseUrl,
      secretFields: [],
      secretVersion: 1,
      attention: null,
      createdAt: now,
      updatedAt: now,
    });
    const inputs = manifest.authSchemes
      .find((scheme) => scheme.type === type)!
      .inputs.filter(({ required }) => required);
    const values = Object.values(secret);
    const names = inputs.map(({ name }) => name);
    const byName = names.map((name, index) => [name, secret[name] ?? values[index]!] as const);
    vaultBook.materials.set(_id, {
      credential: _id,
      secretVersion: 1,
      tokenVersion: null,
      connector: vendor,
      type,
      baseUrl,
      fields: Object.fromEntries(byName),
    });
  }

  /** Ordinary active users of a vendor, each taken once. */
  private readonly taken = new Set<string>();
  take(vendor: VendorId): TrueAccount {
    const all = this.simulator.control.company().vendors[vendor]!.accounts;
    const found = all.find(({ id, active, admin }) => active && !admin && !this.taken.has(`${vendor}/${id}`));
    if (!found) throw new Error(`the simulated company has no further user of ${vendor}`);
    this.taken.add(`${vendor}/${found.id}`);
    return found;
  }

  /** Writes an account and its person as mapping would publish them. */
  async store(vendor: VendorId, user: TrueAccount, overrides: Partial<AccountDocument> = {}): Promise<StoredAccount> {
    const id = `int-${vendor}:${user.id}`;
    const person = buildVendorPerson(user, overrides.person ?? randomUUID());
    const account: AccountDocument = { ...buildVendorAccount(vendor, user, id, person._id), ...overrides };
    if (vendor === 'jumpcloud') person.values['jump_cloud_user_id'] = user.id;
    await this.databases.collection(accounts).replaceOne({ _id: id }, account, { upsert: true });
    const values = Object.fromEntries(Object.entries(person.values).map(([name, value]) => [`values.${name}`, value]));
    const { values: _values, ...rest } = person;
    await this.databases
      .collection(people)
      .updateOne({ _id: person._id }, { $setOnInsert: rest, $set: values }, { upsert: true });
    return { account, person };
  }

  /**
   * Somebody whose account at one vendor was deactivated, by a run or by hand, and who still has an active one at the
   * other, which the workflow is to act on.
   */
  async leaver(
    target: VendorId,
    run: string | null = null,
  ): Promise<{ left: AccountDocument; target: AccountDocument }> {
    const user = this.take(target);
    const from = target === 'lastpass' ? 'jumpcloud' : 'lastpass';
    const all = this.simulator.control.company().vendors[from]!.accounts;
    const twin = all.find(({ personId }) => personId === user.personId)!;
    const { account, person } = await this.store(target, user);
    const deactivated = { run, time: new Date().toISOString() };
    const left = await this.store(from, twin, { person: person._id, active: false, deactivated });
    return { left: left.account, target: account };
  }

  async change(account: AccountDocument, change: Partial<AccountDocument>): Promise<void> {
    await this.databases.collection(accounts).updateOne({ _id: account._id }, { $set: change });
  }

  async changePerson(id: string, change: Partial<PersonDocument>): Promise<void> {
    await this.databases.collection(people).updateOne({ _id: id }, { $set: change });
  }

  async changeCredential(vendor: keyof typeof credentialIds, change: Partial<CredentialDocument>): Promise<void> {
    await this.databases.collection(credentials).updateOne({ _id: credentialIds[vendor] }, { $set: change });
  }

  /** Another credential of a vendor, which nothing leases. */
  async copyCredential(vendor: keyof typeof credentialIds, _id: string, change: Partial<CredentialDocument>) {
    const model = (await this.databases.collection(credentials).findOne({ _id: credentialIds[vendor] }))!;
    await this.databases.collection(credentials).insertOne({ ...model, _id, name: _id, ...change });
  }

  /** An integration as sync-runner publishes it, as far as workflows look. */
  async integration(_id: string, settings: Partial<IntegrationDocument>): Promise<void> {
    const document = { _id, name: _id, inputs: {}, ...settings } as IntegrationDocument;
    await this.databases.collection(integrations).replaceOne({ _id }, document, { upsert: true });
  }

  /** What mapping says of the last run that read it, as far as workflows look. */
  async reading(_id: string, ownUsers: string[]): Promise<void> {
    const document = { _id, pinned: { ownUsers } } as ReadingDocument;
    await this.databases.collection(readings).replaceOne({ _id }, document, { upsert: true });
  }

  async removeIntegration(_id: string): Promise<void> {
    await this.databases.collection(integrations).deleteOne({ _id });
    await this.databases.collection(readings).deleteOne({ _id });
  }

  /** A run of sync-runner that swept, ended now unless said. */
  async run(overrides: Partial<RunDocument> = {}): Promise<string> {
    const run = { _id: randomUUID(), state: 'completed', endedAt: new Date().toISOString(), ...overrides };
    await this.databases.collection(runs).insertOne(run as RunDocument);
    return run._id;
  }

  async endRun(run: string): Promise<void> {
    await this.databases
      .collection(runs)
      .updateOne({ _id: run }, { $set: { state: 'completed', endedAt: new Date().toISOString() } });
  }

  /** An active workflow, made by commands as the gateway sends them. */
  async activate(definition: WorkflowDefinition): Promise<WorkflowRecord> {
    const id = randomUUID();
    await this.command(createWorkflow, id, { id, name: `Workflow ${id}`, description: '', definition });
    const { workflow } = await this.command(activateWorkflow, id, { id });
    return workflow;
  }

  async pause(workflow: string): Promise<void> {
    await this.command(deactivateWorkflow, workflow, { id: workflow });
  }

  async command<Command extends Parameters<Infrastructure['commandSender']['send']>[0]>(
    command: Command,
    aggregate: string,
    input: unknown,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the caller knows the result of its command
  ): Promise<any> {
    const { outcome } = await this.gateway.commandSender.send(command, {
      aggregate,
      actor: 'test',
      correlationId: 'test',
      idempotencyKey: randomUUID(),
      input,
    } as never);
    if (outcome.status === 'done') return outcome.result;
    throw Object.assign(new Error(JSON.stringify(outcome)), { outcome });
  }

  /** Says a change of an account that mapping stored, as often as `times`. */
  async publish(
    trigger: 'saas-user.created' | 'saas-user.deactivated',
    account: AccountDocument,
    cause: Cause,
    times = 1,
    change: string = randomUUID(),
  ): Promise<string> {
    const { _id: id, hash: _hash, observedAt: _observedAt, ...rest } = account;
    const definition = trigger === 'saas-user.created' ? saasUserCreated : saasUserDeactivated;
    return this.tell(definition, 'account', { id, ...rest }, cause, times, change);
  }

  async publishPerson(person: PersonDocument, cause: Cause): Promise<string> {
    const { _id: id, fold: _fold, keys: _keys, settingsVersion: _version, ...rest } = person;
    await this.databases.collection(people).updateOne({ _id: id }, { $set: { active: false } });
    return this.tell(personDeactivated, 'person', { id, ...rest, active: false }, cause, 1);
  }

  changeOf(id: string): Promise<ChangeDocument | null> {
    return this.databases.collection(changes).findOne({ _id: id });
  }

  private async tell(
    definition: typeof saasUserCreated | typeof personDeactivated,
    kind: ChangeDocument['kind'],
    record: AccountRecord | PersonRecord,
    cause: Cause,
    times: number,
    id: string = randomUUID(),
  ): Promise<string> {
    const change = {
      _id: id,
      revision: (this.revision += 1),
      changed: {},
      cause,
      time: new Date().toISOString(),
    };
    const told = { ...change, kind, record: record.id, event: definition.type, after: record };
    await this.databases.collection(changes).insertOne(told);
    const data = { revision: change.revision, record: record as never, changed: {}, cause };
    const value = encodeEvent(definition, { id: change._id, subject: record.id, time: change.time, data });
    await this.send(definition, record.id, value, times);
    return `${definition.topic.noun}/${change._id}`;
  }

  async send(
    definition: { topic: typeof saasUserCreated.topic },
    key: string,
    value: string,
    times: number,
  ): Promise<void> {
    const message = { topic: definition.topic, key, value };
    await this.gateway.publisher.publish(Array.from({ length: times }, () => message));
  }

  findRun(event: string, workflow: WorkflowRecord): Promise<WorkflowRunDocument | null> {
    return this.databases.collection(workflowRuns).findOne({ _id: `${event}~${workflow.id}` });
  }

  countRuns(workflow: WorkflowRecord): Promise<number> {
    return this.databases.collection(workflowRuns).countDocuments({ workflow: workflow.id });
  }

  ended(event: string, workflow: WorkflowRecord): Promise<WorkflowRunDocument> {
    return waitFor(`the end of ${event}`, async () => {
      const run = await this.findRun(event, workflow);
      return run?.endedAt ? run : null;
    });
  }

  /** The run once its first step waits. */
  waiting(event: string, workflow: WorkflowRecord, message: RegExp): Promise<WorkflowRunDocument> {
    return waitFor(`${event} to wait`, async () => {
      const run = await this.findRun(event, workflow);
      return run?.state === 'waiting' && message.test(run.steps[0]!.message ?? '') ? run : null;
    });
  }

  intentOf(run: WorkflowRunDocument): Promise<IntentDocument | null> {
    return this.databases.collection(intents).findOne({ workflowRun: run._id });
  }

  /** Input of the commands that wait in the outbox for mapping to answer. */
  async observations(): Promise<{ account: string; finding: string }[]> {
    const { outbox } = messagingCollections('workflow');
    const found = await this.databases.collection(outbox).find({ kind: 'command' }).toArray();
    return found.map(({ value }) => JSON.parse(value) as { account: string; finding: string });
  }

  /** Effects on one user as the vendor booked them. */
  effects(vendor: VendorId, id: string): string[] {
    return this.simulator.control
      .ledger()
      .flatMap((entry) =>
        entry.kind === 'effect' && entry.vendor === vendor && entry.id === id ? [entry.effect] : [],
      );
  }

  /** Calls that act, in the order in which they came. */
  actions(vendor: VendorId): number {
    return this.simulator.control
      .ledger()
      .filter((entry) => entry.kind === 'request' && entry.vendor === vendor && entry.operation === 'action').length;
  }
}

function startWorkflow(environment: TestEnvironment, settings: Record<string, string>): Promise<RunningService> {
  const config = readConfig(environment.variables({ ALLOW_LOOPBACK: 'true', UNDO_WINDOW_MS: '0', ...settings }));
  return environment.start('workflow', AppModule, config);
}

export function block(
  vendor: keyof typeof credentialIds,
  preset: string,
  inputs: Record<string, string> = {},
): ApiBlock {
  return { id: 'step', kind: 'api', connector: vendor, preset, credential: credentialIds[vendor], inputs };
}

export function definitionOf(trigger: Trigger, app: string | null, ...blocks: ApiBlock[]): WorkflowDefinition {
  return { begin: { trigger, app, includeInitial: false }, blocks };
}

export const byHand: Cause = { kind: 'command', command: 'c', actor: 'test' };
export const bySweep = (run: string): Cause => ({
  kind: 'sweep',
  run,
  integration: 'int',
  line: 'inactive',
  initial: false,
});
