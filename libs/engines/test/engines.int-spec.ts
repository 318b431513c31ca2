import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Consumer, Kafka, logLevel, Partitioners } from 'kafkajs';
import { MongoClient } from 'mongodb';

const kafka = new Kafka({
  clientId: 'engines-test',
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  logLevel: logLevel.NOTHING,
});

/** Waits for a condition; the message names what did not happen. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the Kafka that the tests run on', () => {
  const topic = `engines-test-${randomUUID()}`;
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    const admin = kafka.admin();
    await admin.connect();
    // kafkajs would give up on a topic that the broker has accepted but does not show yet.
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 4 }] });
    await until('the topic is shown', async () => (await admin.listTopics()).includes(topic));
    await admin.disconnect();
  }, 60_000);

  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  }, 60_000);

  async function join(groupId: string, onMessage: (value: string) => void) {
    const consumer = kafka.consumer({ groupId, sessionTimeout: 6_000, heartbeatInterval: 500 });
    consumers.push(consumer);
    const assigned = { partitions: 0 };
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      assigned.partitions = (payload.memberAssignment[topic] ?? []).length;
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => onMessage(message.value?.toString() ?? '') });
    return { consumer, assigned };
  }

  it('delivers what was acknowledged, and shares the partitions out anew when a consumer comes and goes', async () => {
    const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const values = Array.from({ length: 200 }, (_, index) => `value-${index}`);
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });
    const seen = new Set<string>();
    const first = await join(`${topic}-group`, (value) => seen.add(value));
    await until('the first consumer owns all four partitions', () => first.assigned.partitions === 4);
    await until('all messages arrived', () => seen.size === values.length);

    const second = await join(`${topic}-group`, (value) => seen.add(value));
    await until('each consumer owns two', () => first.assigned.partitions === 2 && second.assigned.partitions === 2);
    await second.consumer.disconnect();
    await until('the first one owns all again', () => first.assigned.partitions === 4);

    await producer.send({ topic, acks: -1, messages: [{ value: 'after the rebalance' }] });
    await producer.disconnect();
    await until('a message after the rebalance arrived', () => seen.has('after the rebalance'));
  }, 90_000);
});

describe('the MongoDB that the tests run on', () => {
  const client = new MongoClient(process.env.MONGODB_URI ?? '');
  const database = client.db(`engines-test-${randomUUID().slice(0, 8)}`);

  beforeAll(async () => {
    await client.connect();
    await database.createCollection('records');
  });

  afterAll(async () => {
    await database.dropDatabase();
    await client.close();
  });

  it('commits a transaction as a whole and forgets an aborted one', async () => {
    const records = database.collection<{ _id: string; account: number }>('records');
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await records.insertOne({ _id: 'kept-1', account: 1 }, { session });
        await records.insertOne({ _id: 'kept-2', account: 2 }, { session });
      }),
    );
    const aborted = client.withSession((session) =>
      session.withTransaction(async () => {
        await records.insertOne({ _id: 'gone', account: 3 }, { session });
        throw new Error('abort for the test');
      }),
    );
    await expect(aborted).rejects.toThrow('abort for the test');
    const stored = await records.find({}, { readConcern: { level: 'majority' }, sort: { _id: 1 } }).toArray();
    expect(stored.map(({ _id }) => _id)).toEqual(['kept-1', 'kept-2']);
  });
});
