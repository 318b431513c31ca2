import {
  commandDeadlineMs,
  type CommandEnvelope,
  commandSignatureHeader,
  commandsTopicOf,
  definedCommands,
  definedEvents,
  runsTopic,
  type ServiceName,
  serviceNames,
  type TopicDefinition,
  topics,
} from '@rollcall/contracts';
import { committedOffsets, MessageSigner, partitionBounds, type ServiceSigning } from '@rollcall/messaging';
import { type ReadMessage, readTopic, type TestEnvironment, waitFor } from '@rollcall/testing';
import type { Producer } from 'kafkajs';

import { type Dump, dumpOf } from './database-dump.js';

/** A message that stood in a topic. */
export interface Captured extends ReadMessage {
  readonly topic: TopicDefinition;
}

export interface Forged {
  readonly topic: TopicDefinition;
  readonly key: string;
  readonly value: string;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message that somebody made up, with what it is. */
export interface Fake {
  readonly kind: string;
  readonly key: string;
  readonly value: string;
}

export const internalTopics = topics.filter(({ signed }) => signed !== 'nobody');
/** May send no command at all, and writes to its own topic only. */
const thief: ServiceName = 'notifier';

const consumers: readonly (readonly [noun: string, group: string])[] = [
  ['raw-records', 'mapping.raw-records'],
  ['run-reports', 'sync-runner.run-reports'],
  ['runs', 'notifier.runs'],
  ['people-plans', 'notifier.people-plans'],
  ['people', 'workflow.people'],
  ['saas-users', 'workflow.saas-users'],
  ...serviceNames.map((service) => [`commands.${service}`, `${service}.commands`] as const),
];

/** Somebody who reads all topics and writes to them, and who may have stolen the key of a service. */
export class Attacker {
  private constructor(
    private readonly environment: TestEnvironment,
    private readonly producer: Producer,
  ) {}

  static async open(environment: TestEnvironment): Promise<Attacker> {
    const producer = environment.kafka.kafka.producer();
    await producer.connect();
    return new Attacker(environment, producer);
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  /** Everything that was ever said, but dead letters. */
  async capture(): Promise<Captured[]> {
    const captured: Captured[] = [];
    for (const topic of topics.filter(({ noun }) => noun !== 'dead-letters')) {
      for (const message of await readTopic(this.environment.kafka, topic)) captured.push({ ...message, topic });
    }
    return captured;
  }

  async send(messages: readonly Forged[]): Promise<void> {
    const { kafka } = this.environment;
    for (let first = 0; first < messages.length; first += 500) {
      const some = messages.slice(first, first + 500);
      const topicMessages = [...new Set(some.map(({ topic }) => topic))].map((topic) => ({
        topic: kafka.nameOf(topic.name),
        messages: some
          .filter((one) => one.topic === topic)
          .map(({ key, value, partition, headers = {} }) => ({ key, value, partition, headers })),
      }));
      await this.producer.sendBatch({ topicMessages });
    }
  }

  /** Everything at once to every topic that somebody signs: without a signature, or under a stolen key. */
  async sendEverywhere(fakes: readonly Fake[], partition: number, by: 'nobody' | 'thief'): Promise<void> {
    const forged = internalTopics.flatMap((topic) =>
      fakes.map(({ key, value }): Forged => ({
        topic,
        key,
        value,
        ...(topic.placed === 'by-sender' && { partition }),
      })),
    );
    if (by === 'nobody') return this.send(forged);
    await this.send(await Promise.all(forged.map((one) => this.underStolenKey(one))));
  }

  private async underStolenKey(forged: Forged): Promise<Forged> {
    const { topic, value } = forged;
    const signing = await this.stolenFrom(topic.owner === thief ? 'workflow' : thief);
    if (topic.signed === 'sender') {
      return { ...forged, headers: { [commandSignatureHeader]: signing.sign(Buffer.from(value)) } };
    }
    // The signer itself refuses to write for somebody else, so the thief calls itself the owner.
    const signer = new MessageSigner({ ...signing, service: topic.owner }, (name) =>
      this.environment.kafka.nameOf(name),
    );
    const [{ headers }] = signer.sign([forged]) as [Forged];
    return { ...forged, headers };
  }

  private readonly stolen = new Map<ServiceName, Promise<ServiceSigning>>();
  private stolenFrom(service: ServiceName): Promise<ServiceSigning> {
    const known = this.stolen.get(service) ?? this.environment.signingOf(service);
    this.stolen.set(service, known);
    return known;
  }

  /** Resolves when every consumer has committed everything that was sent so far. */
  async taken(): Promise<void> {
    const { kafka } = this.environment;
    for (const [noun, group] of consumers) {
      const topic = topics.find((one) => one.noun === noun)!;
      const bounds = await partitionBounds(kafka, topic);
      await waitFor(
        `${group} to take everything`,
        async () => {
          const committed = await committedOffsets(kafka, topic, group);
          return [...bounds].every(([partition, { high }]) => high === 0 || (committed.get(partition) ?? 0) >= high);
        },
        120_000,
      );
    }
  }

  /** What the services have stored, once nothing changes it any more. */
  async stored(): Promise<Dump> {
    let before = await dumpOf(this.environment);
    await waitFor('the databases to come to rest', async () => {
      const now = await dumpOf(this.environment);
      const isSame = JSON.stringify([...now]) === JSON.stringify([...before]);
      before = now;
      return isSame;
    });
    return before;
  }
}

let numbers = 0;

/** Every event that is defined, made of what a real one of its topic says. */
export function fakeEvents(captured: readonly Captured[]): (Fake & { readonly topic: TopicDefinition })[] {
  return definedEvents().map((definition) => {
    const ofTopic = captured.filter(({ topic }) => topic === definition.topic);
    const ofType = ofTopic.findLast(({ value }) => typeOf(value) === definition.type);
    const template = ofType ?? ofTopic.at(-1) ?? captured.findLast(({ topic }) => topic === runsTopic)!;
    const event = JSON.parse(template.value) as object;
    const id = `${definition.topic.noun}/forged-${(numbers += 1)}`;
    const value = JSON.stringify({ ...event, id, type: definition.type, time: new Date().toISOString() });
    return { topic: definition.topic, kind: definition.type, key: template.key, value };
  });
}

/** Every command that is defined, with the input of a real one where there was one, in the name of who may send it. */
export function fakeCommands(captured: readonly Captured[]): Fake[] {
  return definedCommands().map((command) => {
    const template = captured.findLast(
      ({ topic, value }) => topic === commandsTopicOf(command.owner) && typeOf(value) === command.type,
    );
    const real = template === undefined ? null : (JSON.parse(template.value) as CommandEnvelope);
    const envelope: CommandEnvelope = {
      id: `forged-${(numbers += 1)}`,
      type: command.type,
      sender: command.senders[0]!,
      actor: 'attacker',
      correlationId: 'attack',
      deadline: Date.now() + commandDeadlineMs,
      aggregate: real?.aggregate ?? 'forged',
      bodyDigest: 'forged',
      input: real?.input ?? {},
    };
    return { kind: command.type, key: envelope.aggregate, value: JSON.stringify(envelope) };
  });
}

function typeOf(value: string): unknown {
  return (JSON.parse(value) as { type?: unknown }).type;
}
