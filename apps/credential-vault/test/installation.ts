import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type INestApplication, Module } from '@nestjs/common';
import { ciphertexts, type Databases, dataKeys } from '@rollcall/collections';
import {
  type CommandDefinition,
  deadLettersTopic,
  type InputOf,
  requestLease,
  serviceNames,
  type TopicDefinition,
} from '@rollcall/contracts';
import { ensureTopics, partitionBounds, type SendOptions } from '@rollcall/messaging';
import {
  generateSealKeyPair,
  generateServiceKeys,
  openLease,
  readSealPublicKey,
  sealCommandField,
  SecretString,
  unwrapSecret,
} from '@rollcall/secrets';
import { createInfrastructure, type Infrastructure, startService } from '@rollcall/service';
import type { EachMessagePayload } from 'kafkajs';
import { BSON } from 'mongodb';

import { definition, features } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { ManifestsModule } from '../src/manifests.module.js';
import { exampleManifests } from './manifests.js';

@Module({ imports: [ManifestsModule.of(exampleManifests), ...features] })
class VaultUnderTest {}

/** Keys, databases and topics of one test file, with senders that speak as other services. */
export class Installation {
  private readonly senders: Infrastructure[] = [];
  private readonly apps: INestApplication[] = [];
  readonly kek = randomBytes(32).toString('base64');

  private constructor(
    readonly namespace: string,
    readonly keys: string,
    private readonly publicKey: string,
  ) {}

  static async create(): Promise<Installation> {
    const keys = await mkdtemp(join(tmpdir(), 'rollcall-vault-test-'));
    await generateServiceKeys(keys, serviceNames);
    return new Installation(`t${randomBytes(6).toString('hex')}`, keys, await readSealPublicKey(keys));
  }

  config(overrides: Record<string, string> = {}) {
    return readConfig({ PORT: '0', ROLLCALL_KEK: this.kek, ...this.variables(overrides) });
  }

  /** The environment of a vault in a process of its own: all but its port and its key-encryption key. */
  variables(overrides: Record<string, string> = {}): Record<string, string> {
    return {
      KAFKA_BROKERS: process.env['KAFKA_BROKERS']!,
      MONGODB_URI: process.env['MONGODB_URI']!,
      ROLLCALL_KEYS_DIR: this.keys,
      ROLLCALL_NAMESPACE: this.namespace,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
      NODE_ENV: 'test',
      ...overrides,
    };
  }

  /** Starts the vault, or throws what keeps it from starting. */
  async start(overrides: Record<string, string> = {}): Promise<void> {
    const infrastructure = await createInfrastructure('credential-vault', this.config(overrides));
    try {
      await ensureTopics(infrastructure.kafka, [deadLettersTopic], 1);
      this.apps.push(await startService({ ...definition, module: VaultUnderTest }, infrastructure));
    } catch (error) {
      await infrastructure.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
  }

  async close(): Promise<void> {
    await this.stop();
    const { databases } = await this.as('gateway');
    for (const name of await databaseNames(databases, this.namespace)) await databases.client.db(name).dropDatabase();
    for (const sender of this.senders) await sender.close();
    await rm(this.keys, { recursive: true });
  }

  async as(service: 'gateway' | 'sync-runner' | 'workflow'): Promise<Infrastructure> {
    const known = this.senders.find((sender) => sender.service === service);
    if (known) return known;
    const made = await createInfrastructure(service, this.config());
    this.senders.push(made);
    return made;
  }

  /** Sends a command and waits for its outcome. Plain secrets are sealed as the gateway does. */
  async send<Command extends CommandDefinition>(
    command: Command,
    input: InputOf<Command>,
    options: { secrets?: Record<string, string>; key?: string; as?: 'gateway' | 'sync-runner'; waitMs?: number } = {},
  ) {
    const { commandSender } = await this.as(options.as ?? 'gateway');
    const key = options.key ?? randomUUID();
    const commandId = commandSender.idOf('operator-1', key);
    const secrets = options.secrets && (await this.seal(commandId, options.secrets));
    const message: SendOptions<InputOf<Command>> = {
      aggregate: (input as { id?: string; credential?: string }).id ?? 'credential',
      actor: 'operator-1',
      correlationId: randomUUID(),
      idempotencyKey: key,
      input: (secrets ? { ...(input as object), secrets } : input) as InputOf<Command>,
      plainBody: { input, secrets: options.secrets },
    };
    const { outcome } = await commandSender.send(command, message, options.waitMs ?? 20_000);
    return { outcome, commandId };
  }

  /** What the holder of a lease gets. */
  async lease(
    credential: string,
    options: {
      readonly kind?: 'run' | 'check';
      readonly refused?: { secretVersion: number; tokenVersion: number | null };
    } = {},
  ) {
    const { kind = 'run', refused = null } = options;
    const pair = await generateSealKeyPair();
    const purpose = { kind, reference: `${kind}-1` };
    const request = { credential, purpose, publicKey: pair.publicKey, refused };
    const { outcome, commandId } = await this.send(requestLease, request, { as: 'sync-runner', waitMs: 60_000 });
    const none: Record<string, string> = {};
    if (outcome.status !== 'done') return { outcome, fields: none, secretVersion: null, tokenVersion: null };
    const opened = await openLease({ privateKey: pair.privateKey, commandId, sealed: outcome.result.sealed });
    const { secretVersion, tokenVersion } = opened;
    const plain = Object.entries(opened.fields).map(([name, value]) => [name, unwrapSecret(value)] as const);
    return { outcome, fields: Object.fromEntries(plain) as Record<string, string>, secretVersion, tokenVersion };
  }

  private async seal(commandId: string, secrets: Record<string, string>) {
    const entries = Object.entries(secrets).map(async ([field, value]) => {
      const sealed = { publicKey: this.publicKey, commandId, field, value: new SecretString(value) };
      return [field, await sealCommandField(sealed)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}

async function databaseNames(databases: Databases, namespace: string): Promise<string[]> {
  const { databases: all } = await databases.client.db('admin').admin().listDatabases({ nameOnly: true });
  return all.map(({ name }) => name).filter((name) => name.startsWith(`${namespace}_`));
}

/** Every document of every database of the installation, as text. */
export async function dumpDatabases({ databases }: Infrastructure): Promise<string> {
  const parts: string[] = [];
  for (const name of await databaseNames(databases, databases.namespace)) {
    const database = databases.client.db(name);
    for (const { name: collection } of await database.listCollections().toArray()) {
      const documents = await database.collection(collection).find().sort({ _id: 1 }).toArray();
      parts.push(`${name}.${collection} ${BSON.EJSON.stringify(documents)}`);
    }
  }
  return parts.join('\n');
}

/** What only the vault may read. */
export async function dumpPrivate({ databases }: Infrastructure): Promise<string> {
  const [keys, secrets] = await Promise.all([
    databases.collection(dataKeys).find().sort({ _id: 1 }).toArray(),
    databases.collection(ciphertexts).find().sort({ _id: 1 }).toArray(),
  ]);
  return BSON.EJSON.stringify({ keys, secrets });
}

export interface ReadMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

/** All messages that a topic holds now. */
export async function readTopic({ kafka }: Infrastructure, topic: TopicDefinition): Promise<ReadMessage[]> {
  const bounds = await partitionBounds(kafka, topic);
  const missing = new Map([...bounds].filter(([, { low, high }]) => high > low).map(([p, { high }]) => [p, high - 1]));
  const messages: ReadMessage[] = [];
  if (missing.size === 0) return messages;
  const consumer = kafka.kafka.consumer({ groupId: `read-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: kafka.nameOf(topic.name), fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ partition, message }: EachMessagePayload): Promise<void> => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      messages.push({ key: String(message.key), value: message.value!, headers: Object.fromEntries(headers) });
      if (Number(message.offset) >= (missing.get(partition) ?? Infinity)) missing.delete(partition);
      if (missing.size === 0) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return messages;
}
