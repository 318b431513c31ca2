import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import { Databases, messagingCollections } from '@rollcall/collections';
import type { ServiceName } from '@rollcall/contracts';
import {
  CommandSender,
  CommandServer,
  ConsumerHealth,
  DeadLetters,
  Inbox,
  KafkaConnection,
  Leases,
  Outbox,
  OutboxRelay,
  Publisher,
  type ServiceSigning,
} from '@rollcall/messaging';
import {
  createLogger,
  createMetrics,
  HealthRegistry,
  type Logger,
  type Metrics,
  registerSecretValue,
} from '@rollcall/observability';
import { DigestKey, KeyDirectory, onSecretUnwrapped, ServiceSigner } from '@rollcall/secrets';

import { Loop } from './background/loop.js';
import { DatabaseHealth } from './database-health.js';
import { whenEngineServes } from './engine-wait.js';
import type { ServiceConfig } from './service-config.js';

/** Whoever writes to the outbox wakes its loop; this is for what other processes left and for what is sent again. */
const outboxIdleMs = 1_000;

/** Everything a service stands on, connected. Made before Nest, closed after it. */
export interface Infrastructure {
  readonly service: ServiceName;
  readonly config: ServiceConfig;
  /** Names this process in leases and logs. */
  readonly replica: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly databases: Databases;
  readonly kafka: KafkaConnection;
  readonly consumerHealth: ConsumerHealth;
  /** This service's key, and the public ones of the others. */
  readonly signing: ServiceSigning;
  readonly publisher: Publisher;
  readonly deadLetters: DeadLetters;
  readonly leases: Leases;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  /** Drives the relay. It outlives the consumers, so that what they wrote at the end is said. */
  readonly outboxLoop: Loop;
  readonly commandSender: CommandSender;
  readonly commandServer: CommandServer;
  close(): Promise<void>;
}

export async function createInfrastructure(service: ServiceName, config: ServiceConfig): Promise<Infrastructure> {
  const replica = `${service}@${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  // Whatever is unwrapped in this process never shows in its logs, not even inside an error's text (N8).
  onSecretUnwrapped(registerSecretValue);
  const logger = createLogger({ service, level: config.LOG_LEVEL });
  const signing = await loadSigning(service, config.ROLLCALL_KEYS_DIR);
  const mongodb = { uri: config.MONGODB_URI, namespace: config.ROLLCALL_NAMESPACE, appName: service };
  const databases = await whenEngineServes({ engine: 'MongoDB', setting: 'MONGODB_URI', logger }, () =>
    Databases.connect(mongodb),
  );
  const kafka = new KafkaConnection({
    brokers: config.KAFKA_BROKERS,
    clientId: service,
    namespace: config.ROLLCALL_NAMESPACE,
    logger,
  });
  const publisher = new Publisher(kafka, signing);
  await whenEngineServes({ engine: `Kafka at ${config.KAFKA_BROKERS}`, setting: 'KAFKA_BROKERS', logger }, () =>
    publisher.connect(),
  );
  const collections = messagingCollections(service);
  const deadLetters = new DeadLetters(publisher);
  const leases = new Leases(databases.collection(collections.leases), replica);
  const commandSender = new CommandSender(service, publisher, databases, signing);
  const outboxCollection = databases.collection(collections.outbox);
  const outboxRelay = new OutboxRelay({
    now: databases.timeMs,
    collection: outboxCollection,
    leases,
    publisher,
    commands: commandSender,
  });
  const outboxLoop = new Loop({
    ...{ name: 'outbox relay', idleMs: outboxIdleMs, logger },
    step: () => outboxRelay.relay(),
  });
  const consumerHealth = new ConsumerHealth();
  const health = new HealthRegistry();
  addEngineChecks(health, kafka, databases);
  health.add('kafka consumers', () => consumerHealth.report());
  return {
    service,
    config,
    replica,
    logger,
    metrics: createMetrics(service),
    health,
    databases,
    kafka,
    consumerHealth,
    signing,
    publisher,
    deadLetters,
    leases,
    inbox: new Inbox(databases.collection(collections.inbox), databases.timeMs),
    outbox: new Outbox(outboxCollection, () => outboxLoop.wake()),
    outboxLoop,
    commandSender,
    commandServer: new CommandServer({ service, databases, signing, deadLetters, logger }),
    close: async () => {
      try {
        await outboxLoop.stop();
        await outboxRelay.release();
      } finally {
        // Also when the database is away: an open connection would keep the process alive.
        await publisher.close();
        await databases.close();
      }
    },
  };
}

function addEngineChecks(health: HealthRegistry, kafka: KafkaConnection, databases: Databases): void {
  const database = new DatabaseHealth({
    address: databases.address,
    ask: () => databases.now(),
  });
  health.add('kafka', () => kafka.reachability.check());
  health.add('mongodb', () => database.reachable());
  // A wrong clock makes times wrong. Taking the service out of use would mend none, and take the API away as well.
  health.add('clock', () => database.clock(), { isAdvisory: true });
}

/** Keys of a service out of the key directory. @throws SecretsError */
export async function loadSigning(service: ServiceName, directory: string): Promise<ServiceSigning> {
  const signer = await ServiceSigner.load(directory, service);
  const publicKeys = await KeyDirectory.load(directory);
  const digestKey = await DigestKey.load(directory);
  return {
    service,
    sign: (bytes) => signer.sign(bytes),
    verify: (sender, bytes, signature) => publicKeys.verify(sender, bytes, signature),
    knows: (other) => publicKeys.services.includes(other),
    digest: (...parts) => digestKey.digest(...parts),
  };
}
