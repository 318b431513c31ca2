import {
  pageAskedHeader,
  type Pinned,
  type RawMessage,
  type RawMessageOf,
  rawRecordsTopic,
  type RawUser,
  type RunReport,
  type RunReportOf,
  runReportsTopic,
  usersPerMessage,
} from '@rollcall/contracts';
import { type KafkaConnection, type OutgoingMessage, type Publisher, readTopic } from '@rollcall/messaging';

import { buildRun, PublishedRunStore } from './published-run.js';
import type { TestEnvironment } from './test-environment.js';
import { waitFor } from './wait-for.js';

export function buildUser(id: string, overrides: Partial<RawUser> = {}): RawUser {
  const email = `${id}@example.com`;
  return {
    id,
    status: 'active',
    role: null,
    lastActivityAt: null,
    administrator: false,
    username: email,
    raw: { email, name: `User ${id}` },
    ...overrides,
  };
}

export function buildPinned(overrides: Partial<Pinned> = {}): Pinned {
  return {
    scope: 'full',
    connector: 'test',
    connectorVersion: 1,
    mappingVersion: 1,
    app: 'test-app',
    content: 'user-and-saas-user',
    preference: 'create-and-update',
    deactivate: true,
    credential: 'credential',
    credentialName: 'Test credential',
    secretVersion: 1,
    ownUsers: [],
    initial: false,
    approvedPlan: null,
    appliedPlan: null,
    startedAt: new Date().toISOString(),
    ...overrides,
  };
}

/** Plays sync-runner towards mapping: publishes runs, writes raw-records messages under its key, reads run-reports. */
export class RawRecordsDriver {
  readonly runs: PublishedRunStore;
  private readonly publisher: Promise<Publisher>;
  private readonly kafka: KafkaConnection;
  private generation = Date.now();

  constructor(
    environment: TestEnvironment,
    readonly integration: string,
    readonly partition: number,
  ) {
    this.kafka = environment.kafka;
    this.runs = new PublishedRunStore(environment.databases);
    this.publisher = environment.publisherOf('sync-runner');
  }

  nextGeneration(): number {
    this.generation = Math.max(this.generation + 1, Date.now());
    return this.generation;
  }

  /** The run of each START is published before, as sync-runner does. */
  async send(messages: readonly RawMessage[], askedAt = Date.now()): Promise<void> {
    for (const message of messages) if (message.k === 'start') await this.publishRun(message);
    await this.sendUnpublished(messages, askedAt);
  }

  /** Messages without a published run, as only a defect of sync-runner sends them. */
  async sendUnpublished(messages: readonly RawMessage[], askedAt = Date.now()): Promise<void> {
    const page = { [pageAskedHeader]: String(askedAt) };
    await this.publish(
      messages.map((one) => ({ value: JSON.stringify(one), headers: one.k === 'records' ? page : {} })),
    );
  }

  /** Any bytes under sync-runner's key. */
  async sendRaw(value: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.publish([{ value, headers }]);
  }

  private async publish(messages: readonly Pick<OutgoingMessage, 'value' | 'headers'>[]): Promise<void> {
    const { integration: key, partition } = this;
    const publisher = await this.publisher;
    await publisher.publish(messages.map((message) => ({ ...message, topic: rawRecordsTopic, key, partition })));
  }

  /** Lets the run's plan pass and has it swept. */
  async sweep(run: string, generation: number, refuted: readonly string[] = []): Promise<void> {
    await this.runs.pass(run, { refuted: [...refuted] });
    await this.send([{ k: 'sweep', i: this.integration, g: generation, r: run }]);
    await this.runs.complete(run, await this.report(run, 'swept'));
  }

  /** Asks for the undo of a run, and says so. */
  async undo(run: string): Promise<void> {
    const { generation, requestedAt } = await this.runs.askForUndo(run);
    await this.send([{ k: 'undo', i: this.integration, g: generation, r: run, undo: requestedAt }]);
  }

  private async publishRun({ i, g, r, pinned }: RawMessageOf<'start'>): Promise<void> {
    const { scope, initial } = pinned;
    await this.runs.put(
      buildRun({ _id: r, integration: i, generation: g, partition: this.partition, scope, initial, pinned }),
    );
  }

  /** START, all users, END. Returns the generation. */
  async read(run: string, users: readonly RawUser[], pinned: Partial<Pinned> = {}): Promise<number> {
    const g = this.nextGeneration();
    const base = { i: this.integration, g, r: run };
    await this.send([{ ...base, k: 'start', pinned: buildPinned(pinned) }]);
    const messages: RawMessage[] = [];
    for (let first = 0; first < users.length; first += usersPerMessage) {
      messages.push({ ...base, k: 'records', u: users.slice(first, first + usersPerMessage) });
    }
    await this.send(messages);
    await this.send([{ ...base, k: 'end', count: new Set(users.map((user) => user.id)).size }]);
    return g;
  }

  /** The first report of a kind for a run, waited for. A run ends once mapping reported what it made of it. */
  async report<Kind extends RunReport['kind']>(
    run: string,
    kind: Kind,
    timeoutMs = 60_000,
  ): Promise<RunReportOf<Kind>> {
    const found = await waitFor(
      `report ${kind} of ${run}`,
      async () => {
        const reports = await readTopic(this.kafka, runReportsTopic);
        const all = reports.map(({ value }) => JSON.parse(value) as RunReport);
        return all.find((report) => report.run === run && report.kind === kind) as RunReportOf<Kind> | undefined;
      },
      timeoutMs,
    );
    if (kind === 'mapped') await this.runs.end(run);
    return found;
  }
}
