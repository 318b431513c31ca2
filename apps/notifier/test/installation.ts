import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type INestApplication, Module, type Type } from '@nestjs/common';
import { notices, outgoingMail, watches } from '@rollcall/collections';
import {
  type DataOf,
  deadLettersTopic,
  encodeEvent,
  type EventDefinition,
  peoplePlansTopic,
  runsTopic,
  type ServiceName,
  serviceNames,
} from '@rollcall/contracts';
import { cloudEventHeaders, ensureTopics } from '@rollcall/messaging';
import { generateServiceKeys } from '@rollcall/secrets';
import { createInfrastructure, type Infrastructure, startService } from '@rollcall/service';

import { definition, features } from '../src/app.module.js';
import type { Clock } from '../src/clock/clock.js';
import { ClockModule } from '../src/clock/clock.module.js';
import { readConfig } from '../src/config.js';
import { SmtpSink } from './smtp-sink.js';

/** Stands still until it is set. */
export class TestClock implements Clock {
  constructor(private time: Date) {}

  now(): Date {
    return this.time;
  }

  set(time: Date): void {
    this.time = time;
  }

  advance(milliseconds: number): void {
    this.time = new Date(this.time.getTime() + milliseconds);
  }
}

/** Databases, topics, mail server and clock of one test file; speaks as sync-runner and gateway. */
export class Installation {
  readonly clock = new TestClock(new Date('2026-11-20T02:00:00.000Z'));
  readonly smtp = new SmtpSink();
  private readonly others: Infrastructure[] = [];
  private readonly apps: INestApplication[] = [];

  private constructor(
    readonly namespace: string,
    private readonly keys: string,
    private readonly smtpUrl: string,
  ) {}

  static async create(): Promise<Installation> {
    const keys = await mkdtemp(join(tmpdir(), 'rollcall-notifier-test-'));
    await generateServiceKeys(keys, serviceNames);
    const free = new SmtpSink();
    const port = await free.listen();
    await free.close();
    const installation = new Installation(`t${randomBytes(6).toString('hex')}`, keys, `smtp://127.0.0.1:${port}`);
    await installation.smtp.listen(port);
    const { kafka } = await installation.as('sync-runner');
    await ensureTopics(kafka, [runsTopic, peoplePlansTopic, deadLettersTopic], 1);
    return installation;
  }

  private config(overrides: Record<string, string> = {}) {
    return readConfig({
      KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
      MONGODB_URI: process.env['MONGODB_URI'],
      PORT: '0',
      ROLLCALL_KEYS_DIR: this.keys,
      ROLLCALL_NAMESPACE: this.namespace,
      SMTP_URL: this.smtpUrl,
      MAIL_FROM: 'Rollcall <rollcall@example.org>',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
      NODE_ENV: 'test',
      ...overrides,
    });
  }

  async start(overrides: Record<string, string> = {}): Promise<void> {
    const { clock } = this;
    @Module({ imports: [ClockModule.of(clock), ...features] })
    class NotifierUnderTest {}
    const infrastructure = await createInfrastructure('notifier', this.config(overrides));
    this.apps.push(await startService({ ...definition, module: NotifierUnderTest }, infrastructure));
  }

  /** A provider of each replica that runs. */
  each<Provided>(type: Type<Provided>): Provided[] {
    return this.apps.map((app) => app.get(type));
  }

  async stop(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
  }

  /** Stops and starts again with all events of the topic delivered once more, as after a crash before the commit. */
  async restartWithRedelivery(): Promise<void> {
    await this.stop();
    const { kafka } = await this.as('sync-runner');
    await kafka.withAdmin((admin) =>
      admin.resetOffsets({
        groupId: kafka.groupOf('notifier.runs'),
        topic: kafka.nameOf(runsTopic.name),
        earliest: true,
      }),
    );
    await this.start();
  }

  async close(): Promise<void> {
    await this.stop();
    await this.smtp.close();
    const { databases } = await this.as('sync-runner');
    for (const owner of ['notifier', 'sync-runner', 'gateway'] as const) await databases.database(owner).dropDatabase();
    for (const other of this.others) await other.close();
    await rm(this.keys, { recursive: true });
  }

  async as(service: ServiceName): Promise<Infrastructure> {
    const known = this.others.find((other) => other.service === service);
    if (known) return known;
    const made = await createInfrastructure(service, this.config());
    this.others.push(made);
    return made;
  }

  /** Publishes an event as the service does that owns its topic, and returns its bytes, to publish them again. */
  async publish<Definition extends EventDefinition>(
    event: Definition,
    integration: string,
    data: DataOf<Definition>,
  ): Promise<string> {
    const time = this.clock.now().toISOString();
    const value = encodeEvent(event, { id: randomUUID(), subject: integration, time, data });
    await this.publishBytes(integration, value, event.topic);
    return value;
  }

  async publishBytes(key: string, value: string, topic = runsTopic): Promise<void> {
    const { publisher } = await this.as(topic.owner);
    await publisher.publish([{ topic, key, value, headers: cloudEventHeaders }]);
  }

  async notices(integration: string) {
    const { databases } = await this.as('sync-runner');
    return databases.collection(notices).find({ integration }).sort({ _id: 1 }).toArray();
  }

  async mail(id: string) {
    const { databases } = await this.as('sync-runner');
    return databases.collection(outgoingMail).findOne({ _id: id });
  }

  async watch(integration: string) {
    const { databases } = await this.as('sync-runner');
    return databases.collection(watches).findOne({ _id: integration });
  }
}

/** Waits until `condition` gives something that is neither false nor empty, and returns it. */
export async function until<Result>(condition: () => Promise<Result> | Result, limitMs = 30_000): Promise<Result> {
  const end = Date.now() + limitMs;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
