import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { INestApplication, Type } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { type ServiceName, serviceNames } from '@rollcall/contracts';
import { KafkaConnection, Publisher, type ServiceSigning } from '@rollcall/messaging';
import { createLogger } from '@rollcall/observability';
import { generateServiceKeys } from '@rollcall/secrets';
import {
  createInfrastructure,
  type Infrastructure,
  loadSigning,
  type ServiceConfig,
  startService,
} from '@rollcall/service';

/** A service running inside the test's process. */
export interface RunningService {
  readonly infrastructure: Infrastructure;
  readonly app: INestApplication;
  stop(): Promise<void>;
}

/** Databases, topics, groups and keys of one test file, apart from everybody else's on the same engines. */
export class TestEnvironment {
  private readonly publishers: Promise<Publisher>[] = [];

  private constructor(
    readonly namespace: string,
    readonly keysDirectory: string,
    readonly databases: Databases,
    readonly kafka: KafkaConnection,
  ) {}

  /** Engines come from Jest's global set-up, or from the environment. */
  static async create(): Promise<TestEnvironment> {
    const namespace = `t${randomBytes(5).toString('hex')}`;
    const keysDirectory = await mkdtemp(join(tmpdir(), 'rollcall-keys-'));
    await generateServiceKeys(keysDirectory, [...serviceNames]);
    const databases = await Databases.connect({ uri: engine('MONGODB_URI'), namespace, appName: 'test' });
    const kafka = new KafkaConnection({
      brokers: engine('KAFKA_BROKERS'),
      clientId: 'test',
      namespace,
      logger: createLogger({ service: 'test', level: 'error' }),
    });
    return new TestEnvironment(namespace, keysDirectory, databases, kafka);
  }

  /** Variables that a service of this environment needs. */
  variables(extra: Record<string, string> = {}): Record<string, string> {
    return {
      KAFKA_BROKERS: engine('KAFKA_BROKERS'),
      MONGODB_URI: engine('MONGODB_URI'),
      PORT: '0',
      ROLLCALL_KEYS_DIR: this.keysDirectory,
      ROLLCALL_NAMESPACE: this.namespace,
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
      NODE_ENV: 'test',
      ...extra,
    };
  }

  async start<Config extends ServiceConfig>(
    service: ServiceName,
    module: Type<object>,
    config: Config,
    options: { alsoEnsures?: readonly ('vault-private' | 'egress')[] } = {},
  ): Promise<RunningService> {
    const infrastructure = await createInfrastructure(service, config);
    const definition = { service, module, config: () => config, ...options };
    try {
      const app = await startService(definition, infrastructure);
      return { infrastructure, app, stop: () => app.close() };
    } catch (error) {
      // A service that refuses to start ends its process elsewhere; here its connections would keep Jest alive.
      await infrastructure.close();
      throw error;
    }
  }

  /** The key of a service, for a test that plays its part. */
  async signingOf(service: ServiceName): Promise<ServiceSigning> {
    return loadSigning(service, this.keysDirectory);
  }

  /** Publishes as that service does. Closed together with the environment. */
  async publisherOf(service: ServiceName): Promise<Publisher> {
    const publisher = this.signingOf(service).then((signing) => new Publisher(this.kafka, signing));
    this.publishers.push(publisher);
    return publisher;
  }

  /** Drops the databases and topics of this environment. */
  async remove(): Promise<void> {
    for (const publisher of this.publishers) await (await publisher).close();
    const { databases } = await this.databases.client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) {
      if (name.startsWith(`${this.namespace}_`)) await this.databases.client.db(name).dropDatabase();
    }
    await this.databases.close();
    await this.kafka.withAdmin(async (admin) => {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${this.namespace}.`));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    });
    await rm(this.keysDirectory, { recursive: true, force: true });
  }
}

function engine(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through the Jest project that starts the engines`);
  return value;
}
