import { createHash, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { defineTopic, type TopicDefinition } from '@rollcall/contracts';
import { readTopic, TestEnvironment, waitFor } from '@rollcall/testing';
import kafkajs from 'kafkajs';

import {
  type BatchDelivery,
  BatchServer,
  codecNames,
  ConsumerHealth,
  DeadLetters,
  isReadableCompression,
  Publisher,
  readTopicSettings,
} from '../src/index.js';

jest.setTimeout(60_000);

const topicOf = (noun: string): TopicDefinition =>
  defineTopic({
    noun: `test-${noun}`,
    owner: 'notifier',
    key: 'none',
    partitions: 1,
    retentionHours: 1,
    visibility: 'internal',
    signed: 'nobody',
    description: 'For a test.',
  });

/** Small ones, one that hardly compresses, and one that compresses to almost nothing. */
const values: readonly string[] = [
  ...Array.from({ length: 500 }, (_, number) => JSON.stringify({ number, text: `user ${number % 7}` })),
  randomBytes(600_000).toString('base64'),
  'again and again '.repeat(100_000),
];

/** Short enough to be shown when a test fails. */
const marked = (value: string): string => `${value.slice(0, 40)} ${value.length} ${hash(value)}`;
const hash = (value: string): string => createHash('sha256').update(value).digest('hex');
const expected = values.map(marked);

describe('a topic that the broker compresses', () => {
  let environment: TestEnvironment;
  let publisher: Publisher;
  const servers: BatchServer[] = [];

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    publisher = new Publisher(environment.kafka);
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await publisher.close();
    await environment.remove();
  });

  async function create(topic: TopicDefinition, compression: string): Promise<void> {
    const configEntries = [
      { name: 'compression.type', value: compression },
      { name: 'max.message.bytes', value: String(8 * 1024 * 1024) },
    ];
    await environment.kafka.withAdmin((admin) =>
      admin.createTopics({
        topics: [{ topic: environment.kafka.nameOf(topic.name), numPartitions: 1, configEntries }],
        waitForLeaders: false,
      }),
    );
  }

  async function consume(topic: TopicDefinition): Promise<string[]> {
    const found: string[] = [];
    const server = new BatchServer({
      connection: environment.kafka,
      health: new ConsumerHealth(),
      signing: await environment.signingOf('notifier'),
      deadLetters: new DeadLetters(publisher),
      onFatal: (error) => found.push(error.message),
    });
    servers.push(server);
    const handle = async ({ batch, context }: BatchDelivery) => {
      found.push(...batch.messages.map(({ value }) => marked(value?.toString() ?? 'nothing')));
      await context.commit(batch.messages.at(-1)!.offset);
    };
    server.addHandler(topic.noun, handle as never, false, { subscription: { topic, group: `notifier.${topic.noun}` } });
    await new Promise<void>((resolve) => server.listen(() => resolve()));
    return found;
  }

  it.each([...codecNames.slice(1), 'uncompressed'])('by %s is consumed and read like any other', async (codec) => {
    const topic = topicOf(codec);
    await create(topic, codec);
    const found = await consume(topic);
    await publisher.publish(values.map((value) => ({ topic, key: 'k', value })));
    await waitFor('all messages', () => found.length >= values.length);
    expect(found).toEqual(expected);
    expect((await readTopic(environment.kafka, topic)).map(({ value }) => marked(value))).toEqual(expected);
    const [settings] = await readTopicSettings(environment.kafka, [topic]);
    expect(settings!.values['compression.type']).toBe(codec);
    expect(isReadableCompression(codec)).toBe(true);
  });

  it('is read where a client sent bare Snappy blocks', async () => {
    const topic = topicOf('bare-snappy');
    await create(topic, 'producer');
    const found = await consume(topic);
    const { CompressionCodecs, CompressionTypes } = kafkajs;
    CompressionCodecs[CompressionTypes.Snappy] = () => ({
      compress: async ({ buffer }: { buffer: Buffer }) => bare(buffer),
    });
    const producer = environment.kafka.kafka.producer();
    await producer.connect();
    const messages = values.slice(0, 100).map((value) => ({ value }));
    await producer.send({
      topic: environment.kafka.nameOf(topic.name),
      compression: CompressionTypes.Snappy,
      messages,
    });
    await producer.disconnect();
    await waitFor('all messages', () => found.length >= messages.length);
    expect(found).toEqual(expected.slice(0, 100));
  });
});

/** A Snappy block of literals only. */
function bare(buffer: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = buffer.length; ; rest >>= 7) {
    if (rest < 0x80) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  const parts: Buffer[] = [Buffer.from(length)];
  for (let at = 0; at < buffer.length; at += 60) {
    const literal = buffer.subarray(at, at + 60);
    parts.push(Buffer.from([(literal.length - 1) << 2]), literal);
  }
  return Buffer.concat(parts);
}
