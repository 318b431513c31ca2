import {
  pageAskedHeader,
  type Pinned,
  type RawMessage,
  rawRecordsTopic,
  type RawUser,
  type RunReport,
  type RunReportOf,
  runReportsTopic,
  usersPerMessage,
} from '@rollcall/contracts';
import { type KafkaConnection, Publisher, readTopic } from '@rollcall/messaging';

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

/** Plays sync-runner towards mapping: writes raw-records messages and reads run-reports. */
export class RawRecordsDriver {
  private readonly publisher: Publisher;
  private generation = Date.now();

  constructor(
    private readonly kafka: KafkaConnection,
    readonly integration: string,
    readonly partition: number,
  ) {
    this.publisher = new Publisher(kafka);
  }

  async close(): Promise<void> {
    await this.publisher.close();
  }

  nextGeneration(): number {
    this.generation = Math.max(this.generation + 1, Date.now());
    return this.generation;
  }

  async send(messages: readonly RawMessage[], askedAt = Date.now()): Promise<void> {
    await this.publisher.publish(
      messages.map((message) => ({
        topic: rawRecordsTopic,
        key: this.integration,
        partition: this.partition,
        value: JSON.stringify(message),
        ...(message.k === 'records' && { headers: { [pageAskedHeader]: String(askedAt) } }),
      })),
    );
  }

  async sendRaw(value: string | Buffer, key = this.integration): Promise<void> {
    await this.publisher.publish([{ topic: rawRecordsTopic, key, partition: this.partition, value }]);
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

  /** The first report of a kind for a run, waited for. */
  async report<Kind extends RunReport['kind']>(
    run: string,
    kind: Kind,
    timeoutMs = 60_000,
  ): Promise<RunReportOf<Kind>> {
    return waitFor(
      `report ${kind} of ${run}`,
      async () => {
        const reports = await readTopic(this.kafka, runReportsTopic);
        const found = reports.map(({ value }) => JSON.parse(value) as RunReport);
        return found.find((report) => report.run === run && report.kind === kind) as RunReportOf<Kind> | undefined;
      },
      timeoutMs,
    );
  }
}
