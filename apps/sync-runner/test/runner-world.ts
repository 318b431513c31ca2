import { randomUUID } from 'node:crypto';

import {
  apps,
  credentials,
  type IntegrationDocument,
  integrations,
  mappings,
  planLines,
  plans,
  type RunDocument,
  runs,
} from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import {
  type CloudEvent,
  type CommandDefinition,
  createIntegration,
  type InputOf,
  launchIntegration,
  type LeaseMaterial,
  type MappingDefinition,
  type PlanLine,
  type RawMessage,
  type RawMessageOf,
  rawRecordsTopic,
  type ResultOf,
  type RunReport,
  type RunReportOf,
  runReportsTopic,
  runsTopic,
  startRun,
  topics,
} from '@rollcall/contracts';
import { ensureTopics, type Publisher } from '@rollcall/messaging';
import { createInfrastructure, type Infrastructure, parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { readTopic, type RunningService, TestEnvironment, waitFor } from '@rollcall/testing';

import { type Simulator, startSimulator, type VendorId } from '../../vendor-simulator/src/index.js';
import { AppModule } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { isEnded } from '../src/runs/run-state.js';
import { TestVaultModule, vaultBook } from './test-vault.js';

export const credentialId = 'credential-test';

/** The vendor whose credential all integrations of a world share. */
export interface WorldVendor {
  readonly connector: VendorId;
  readonly type: LeaseMaterial['type'];
  readonly basePath: string;
  /** What the vault leases of a credential that the vendor accepts. */
  readonly fields: (simulator: Simulator) => Promise<Record<string, string>>;
}

const lastpass: WorldVendor = {
  connector: 'lastpass',
  type: 'basic',
  basePath: '',
  fields: ({
    credentials: {
      lastpass: { cid, provhash },
    },
  }) => Promise.resolve({ username: cid, password: provhash }),
};

export interface SentMessage {
  readonly partition: number;
  readonly offset: number;
  readonly askedAt: string | undefined;
  readonly message: RawMessage;
}

/** Sync-runner on real engines against the simulated vendors; the test plays gateway, vault and mapping. */
export class RunnerWorld {
  private readonly runners: RunningService[] = [];

  private constructor(
    readonly environment: TestEnvironment,
    readonly simulator: Simulator,
    private readonly gateway: Infrastructure,
    private vault: RunningService | null,
    private readonly vendor: WorldVendor,
    private readonly mapping: Publisher,
  ) {}

  static async create(users: number, vendor = lastpass): Promise<RunnerWorld> {
    const environment = await TestEnvironment.create();
    const simulator = await startSimulator({ company: `load:${users}`, vendors: [vendor.connector] });
    await ensureTopics(environment.kafka, topics, 1);
    for (const owner of ['mapping', 'credential-vault', 'sync-runner'] as const)
      await environment.databases.ensure(owner);
    const plain = parseEnvironment(serviceConfigSchema, environment.variables());
    const gateway = await createInfrastructure('gateway', plain);
    const vault = await environment.start('credential-vault', TestVaultModule, plain);
    const world = new RunnerWorld(
      environment,
      simulator,
      gateway,
      vault,
      vendor,
      await environment.publisherOf('mapping'),
    );
    await world.addCredential();
    return world;
  }

  get databases() {
    return this.environment.databases;
  }

  async startRunner(settings: Record<string, string> = {}): Promise<RunningService> {
    const config = readConfig(
      this.environment.variables({
        ALLOW_LOOPBACK: 'true',
        TICK_MS: '50',
        RUN_LEASE_MS: '3000',
        CLOCK_TOLERANCE_MS: '300',
        VAULT_WAIT_MS: '20000',
        ...settings,
      }),
    );
    const runner = await this.environment.start('sync-runner', AppModule, config);
    this.runners.push(runner);
    return runner;
  }

  async stopVault(): Promise<void> {
    await this.vault?.stop();
    this.vault = null;
  }

  replicas(): readonly RunningService[] {
    return [...this.runners];
  }

  async stopRunner(runner: RunningService): Promise<void> {
    this.runners.splice(this.runners.indexOf(runner), 1);
    await runner.stop();
  }

  async close(): Promise<void> {
    for (const runner of this.runners.splice(0)) await runner.stop();
    await this.stopVault();
    await this.gateway.close();
    await this.simulator.stop();
    await this.environment.remove();
  }

  /** Sends a command as the gateway does and returns its result, or throws its refusal as `code: message`. */
  async send<Command extends CommandDefinition>(
    command: Command,
    aggregate: string,
    input: InputOf<Command>,
    actor = 'person-test',
  ): Promise<ResultOf<Command>> {
    const { outcome } = await this.gateway.commandSender.send(
      command,
      { aggregate, actor, correlationId: randomUUID(), idempotencyKey: randomUUID(), input },
      20_000,
    );
    if (outcome.status === 'done') return outcome.result;
    throw new Error(outcome.status === 'refused' ? `${outcome.error.code}: ${outcome.error.message}` : outcome.status);
  }

  /** An integration that mapping knows and that is launched. */
  async integration(
    id: string,
    settings: Partial<InputOf<typeof createIntegration>> = {},
  ): Promise<IntegrationDocument> {
    const { connector } = this.vendor;
    const input = { id, connector, load: null, name: `Integration ${id}`, credential: credentialId, deactivate: true };
    await this.send(createIntegration, id, { ...input, ...settings });
    await this.register(id);
    await this.send(launchIntegration, id, { id });
    return this.getIntegration(id);
  }

  /** What mapping does when it hears of an integration. */
  async register(id: string): Promise<void> {
    const { app: catalogued, defaultMapping } = manifests[this.vendor.connector]!;
    await this.mapped(id, 1, { entries: defaultMapping.entries, syncKeys: ['email'] });
    const { catalogueId } = catalogued;
    const app = {
      name: 'App',
      category: 'Test',
      connector: this.vendor.connector,
      linkedBy: 'auto' as const,
      createdAt: new Date(),
    };
    await this.databases.collection(apps).updateOne({ _id: catalogueId }, { $setOnInsert: app }, { upsert: true });
  }

  /** A version of the mapping, with or without what mapping keeps of what it reads. */
  async mapped(id: string, version: number, definition: MappingDefinition, reads?: string[]): Promise<void> {
    const read = reads === undefined ? {} : { reads };
    await this.databases
      .collection(mappings)
      .insertOne({ _id: `${id}/${version}`, integration: id, version, definition, ...read, createdAt: new Date() });
  }

  async start(integration: string): Promise<string> {
    return (await this.send(startRun, integration, { integration })).run.id;
  }

  async getIntegration(id: string): Promise<IntegrationDocument> {
    return (await this.databases.collection(integrations).findOne({ _id: id }))!;
  }

  async getRun(id: string): Promise<RunDocument> {
    return (await this.databases.collection(runs).findOne({ _id: id }))!;
  }

  async runsOf(integration: string): Promise<RunDocument[]> {
    return this.databases.collection(runs).find({ integration }).sort({ plannedAt: 1 }).toArray();
  }

  async inState(id: string, state: RunDocument['state'], timeoutMs = 60_000): Promise<RunDocument> {
    const run = await waitFor(
      `run ${id} in state ${state}`,
      async () => {
        const found = await this.getRun(id);
        return found.state === state || isEnded(found.state) ? found : null;
      },
      timeoutMs,
    );
    if (run.state === state) return run;
    throw new Error(`run ${id} should be ${state} and ended as ${run.state}: ${JSON.stringify(run.reason)}`);
  }

  async ended(id: string, timeoutMs = 60_000): Promise<RunDocument> {
    return waitFor(
      `the end of run ${id}`,
      async () => {
        const run = await this.getRun(id);
        return isEnded(run.state) ? run : null;
      },
      timeoutMs,
    );
  }

  /** Everything in raw-records of one integration, in order. */
  async sent(integration: string): Promise<SentMessage[]> {
    const messages = await readTopic(this.environment.kafka, rawRecordsTopic);
    return messages
      .filter(({ key }) => key === integration)
      .map(({ partition, offset, value, headers }) => ({
        partition,
        offset,
        askedAt: headers['t'],
        message: JSON.parse(value) as RawMessage,
      }));
  }

  async kinds(integration: string): Promise<string[]> {
    return (await this.sent(integration)).map(({ message }) => message.k);
  }

  async runEvents(): Promise<CloudEvent<{ run: { id: string; state: string } }>[]> {
    const messages = await readTopic(this.environment.kafka, runsTopic);
    return messages.map(({ value }) => JSON.parse(value) as CloudEvent<{ run: { id: string; state: string } }>);
  }

  /** Plays mapping at END: stages the lines, then reports what it mapped. */
  async reportMapped(id: string, overrides: MappedOverrides = {}, lines: readonly PlanLine[] = []): Promise<void> {
    const run = await this.getRun(id);
    await this.stage(id, run.integration, run.generation, lines);
    await this.report(this.mappedReport(run, overrides, lines));
  }

  mappedReport(
    { _id, integration, generation, evidence }: RunDocument,
    { counts, ...rest }: MappedOverrides = {},
    lines: readonly PlanLine[] = [],
  ): RunReport {
    const read = evidence?.distinct ?? 0;
    return {
      kind: 'mapped',
      run: _id,
      integration,
      generation,
      result: 'complete',
      reason: null,
      counts: {
        read,
        created: 0,
        updated: 0,
        unchanged: read,
        outdated: 0,
        skipped: 0,
        rejected: 0,
        reactivated: 0,
        unknownStatus: 0,
        ...counts,
      },
      passedOver: null,
      problems: [],
      activeAtStart: read + lines.length,
      staged: lines.length,
      approved: lines.filter(({ approved }) => approved).length,
      samples: lines.slice(0, 20).map(({ vendorId }) => vendorId),
      returned: null,
      protectedLines: lines.filter((line) => line.protected && !line.approved).map(({ vendorId }) => vendorId),
      planHash: lines.length === 0 ? null : `hash of ${lines.map(({ account }) => account).join(', ')}`,
      ...rest,
    };
  }

  /** Waits for END of a run and answers it as mapping does. */
  async map(run: string, overrides: MappedOverrides = {}, lines: readonly PlanLine[] = []): Promise<void> {
    await this.inState(run, 'judging');
    await this.reportMapped(run, overrides, lines);
  }

  async report(report: RunReport): Promise<void> {
    await this.mapping.publish([{ topic: runReportsTopic, key: report.run, value: JSON.stringify(report) }]);
  }

  async reportSwept(run: string, deactivated: number, stale = 0): Promise<void> {
    const { integration, generation } = await this.getRun(run);
    await this.report({
      kind: 'swept',
      run,
      integration,
      generation,
      deactivated,
      stale,
      peopleDeactivated: deactivated,
    });
  }

  async sweepOf(integration: string): Promise<RawMessageOf<'sweep'>> {
    return waitFor('SWEEP', async () => {
      const found = (await this.sent(integration)).find(({ message }) => message.k === 'sweep');
      return found?.message as RawMessageOf<'sweep'> | undefined;
    });
  }

  private async stage(run: string, integration: string, generation: number, lines: readonly PlanLine[]): Promise<void> {
    const at = new Date();
    const plan = { integration, generation, lines: lines.length, hash: null, undone: null, at };
    await this.databases.collection(plans).replaceOne({ _id: run }, plan, { upsert: true });
    for (const line of lines) {
      const stored = { ...line, run, state: 'staged' as const, staleReason: null, at };
      const _id = `${run}/${String(line.number).padStart(7, '0')}`;
      await this.databases.collection(planLines).replaceOne({ _id }, stored, { upsert: true });
    }
  }

  private async addCredential(): Promise<void> {
    const at = new Date().toISOString();
    const { connector, type, basePath, fields } = this.vendor;
    const baseUrl = `${this.simulator.urls[connector]}${basePath}`;
    const material = await fields(this.simulator);
    const secretVersion = 1;
    vaultBook.materials.set(credentialId, {
      credential: credentialId,
      secretVersion,
      tokenVersion: null,
      connector,
      type,
      baseUrl,
      fields: material,
    });
    await this.databases.collection(credentials).insertOne({
      _id: credentialId,
      version: 1,
      name: 'Test credential',
      connector,
      type,
      baseUrl,
      secretFields: Object.keys(material),
      secretVersion,
      ownUsers: [],
      attention: null,
      createdAt: at,
      updatedAt: at,
    });
  }
}

export type MappedOverrides = Partial<Omit<RunReportOf<'mapped'>, 'counts'>> & {
  readonly counts?: Partial<RunReportOf<'mapped'>['counts']>;
};

/** A staged line of somebody whom the vendor does not know. */
export function buildLine(number: number, overrides: Partial<PlanLine> = {}): PlanLine {
  const vendorId = `gone-${number}`;
  return {
    number,
    kind: 'missing',
    account: `integration:${vendorId}`,
    vendorId,
    username: `gone-${number}@example.com`,
    revision: 1,
    protected: false,
    approved: false,
    ...overrides,
  };
}
