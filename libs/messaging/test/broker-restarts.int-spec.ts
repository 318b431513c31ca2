import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { deadLettersTopic, defineTopic, type TopicDefinition } from '@rollcall/contracts';
import { readTopic, TestEnvironment, waitFor } from '@rollcall/testing';

import {
  type BatchDelivery,
  BatchServer,
  ConsumerHealth,
  DeadLetters,
  ensureTopics,
  type KafkaConnection,
  Publisher,
  type ServiceSigning,
} from '../src/index.js';
import { OwnKafka } from './own-kafka.js';

jest.setTimeout(900_000);

const rounds = 5;
/** How long consumers and producers may take once the broker serves again. */
const backWithinMs = 15_000;

const single = (noun: string): TopicDefinition =>
  defineTopic({
    noun,
    owner: 'notifier',
    key: 'none',
    partitions: 1,
    retentionHours: 1,
    visibility: 'internal',
    signed: 'nobody',
    description: 'For a test.',
  });

describe('a broker that goes and comes', () => {
  let broker: OwnKafka;
  let kafka: KafkaConnection;
  let publisher: Publisher;
  let environment: TestEnvironment;
  let signing: ServiceSigning;
  const servers: BatchServer[] = [];
  const fatal: Error[] = [];

  beforeAll(async () => {
    broker = await OwnKafka.start();
    kafka = broker.connect('test');
    // For its keys only.
    environment = await TestEnvironment.create();
    signing = await environment.signingOf('notifier');
    publisher = new Publisher(kafka, signing);
    await ensureTopics(kafka, [deadLettersTopic], 1);
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await publisher?.close();
    await environment?.remove();
    await broker?.remove();
  });

  async function consume(topic: TopicDefinition, group: string, take: (delivery: BatchDelivery) => Promise<void>) {
    const health = new ConsumerHealth();
    const onFatal = (error: Error) => void fatal.push(error);
    const deadLetters = new DeadLetters(publisher);
    const server = new BatchServer({ connection: kafka, health, signing, deadLetters, onFatal });
    servers.push(server);
    const handle = async (delivery: BatchDelivery) => {
      try {
        await take(delivery);
        return undefined;
      } catch (error) {
        return { error };
      }
    };
    server.addHandler(group, handle as never, false, { subscription: { topic, group } });
    await new Promise<void>((resolve) => server.listen(() => resolve()));
    return health;
  }

  /** As callers do it: an error means that it may or may not be there, so it is sent again. */
  async function publish(topic: TopicDefinition, value: string): Promise<void> {
    for (;;) {
      try {
        return await publisher.publish([{ topic, key: 'same', value }]);
      } catch {
        await sleep(100);
      }
    }
  }

  it(`is killed ${rounds} times: no consumer and no producer ends, nothing is lost, and the loss is told`, async () => {
    const topic = single('restarts');
    await ensureTopics(kafka, [topic], 1);
    const seen = new Set<string>();
    const health = await consume(topic, 'notifier.restarts', async ({ batch, context }) => {
      for (const { value } of batch.messages) seen.add(value!.toString());
      await context.commit(batch.messages.at(-1)!.offset);
    });
    const sent: string[] = [];
    const send = (value: string) => {
      sent.push(value);
      return publish(topic, value);
    };
    for (let round = 1; round <= rounds; round += 1) {
      await send(`before ${round}`);
      broker.kill();
      const lostAt = performance.now();
      const during = Promise.all([send(`during ${round}`), send(`during ${round} too`)]);
      await waitFor('the loss to be told', async () => !(await kafka.reachability.check()).ok, 10_000);
      expect(performance.now() - lostAt).toBeLessThan(5_000);
      expect((await kafka.reachability.check()).detail).toContain('Kafka cannot be reached at 127.0.0.1:');
      await broker.comeBack();
      await during;
      await waitFor(`round ${round} to be consumed`, () => sent.every((value) => seen.has(value)), backWithinMs);
      await waitFor('good health', () => health.report().ok, backWithinMs);
      expect((await kafka.reachability.check()).ok).toBe(true);
    }
    expect(fatal).toEqual([]);
    const stored = (await readTopic(kafka, topic)).map(({ value }) => value);
    expect(new Set(stored)).toEqual(new Set(sent));
  });

  it('loses its topic, and gets it again: the consumer reads the new one', async () => {
    const topic = single('recreated');
    await ensureTopics(kafka, [topic], 1);
    const seen: string[] = [];
    const health = await consume(topic, 'notifier.recreated', async ({ batch, context }) => {
      seen.push(...batch.messages.map(({ value }) => value!.toString()));
      await context.commit(batch.messages.at(-1)!.offset);
    });
    await publish(topic, 'of the first topic');
    await waitFor('the first message', () => seen.includes('of the first topic'));
    await kafka.withAdmin((admin) => admin.deleteTopics({ topics: [topic.name] }));
    await waitFor('the loss to be told', () => !health.report().ok, 60_000);
    await ensureTopics(kafka, [topic], 1);
    await publish(topic, 'of the second topic');
    await waitFor('the second message', () => seen.includes('of the second topic'), 60_000);
    await waitFor('good health', () => health.report().ok);
    expect(fatal).toEqual([]);
  });

  it('serves damaged batches: they are parked with topic, partition, offsets and reason, and passed over', async () => {
    const topic = single('damaged');
    await ensureTopics(kafka, [topic], 1);
    const three = ['a', 'b', 'c'].map((value) => ({ topic, key: 'k', value }));
    await publish(topic, 'first');
    await publisher.publish(three);
    await publish(topic, 'of an unknown codec');
    await publish(topic, 'last');
    await broker.stop();
    broker.damage(topic.name, (bytes) => {
      const [, second, third] = batchesOf(bytes);
      // The length of its first message, and the codec of a batch: 7 does not exist.
      second![61] = 0x7e;
      third!.writeInt16BE(third!.readInt16BE(21) | 7, 21);
    });
    await broker.comeBack();

    const seen: string[] = [];
    const deadLetters = new DeadLetters(publisher);
    const group = 'notifier.damaged';
    await consume(topic, group, async ({ batch, context }) => {
      for (const message of batch.messages) {
        if (message.value) seen.push(message.value.toString());
        else
          await deadLetters.park([
            { topic, partition: batch.partition, group, message, code: 'garbage', reason: 'none' },
          ]);
        await context.commit(message.offset);
      }
    });
    await waitFor('the last message', () => seen.includes('last'), 60_000);
    expect(seen).toEqual(['first', 'last']);
    const letters = (await readTopic(kafka, deadLettersTopic)).filter(({ headers }) => headers['group'] === group);
    const told = letters.map(({ headers: { topic: name, partition, offset, lastOffset, code } }) => ({
      name,
      partition,
      offsets: `${offset} to ${lastOffset}`,
      code,
    }));
    const where = { name: topic.name, partition: '0', code: 'batch-not-readable' };
    expect(told).toEqual([
      { ...where, offsets: '1 to 3' },
      { ...where, offsets: '4 to 4' },
    ]);
    expect(letters.map(({ headers }) => headers['reason'])).toEqual([
      'the batch could not be read: it ends too early',
      'the batch could not be read: it is compressed by codec 7, which Rollcall does not know',
    ]);
    expect(fatal).toEqual([]);
  });
});

/** The record batches of a segment, each as a view on its bytes. */
function batchesOf(bytes: Buffer): Buffer[] {
  const batches: Buffer[] = [];
  for (let at = 0; at + 12 <= bytes.length;) {
    const length = 12 + bytes.readInt32BE(at + 8);
    if (length === 12) break;
    batches.push(bytes.subarray(at, at + length));
    at += length;
  }
  return batches;
}
