import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { peopleTopic, rawRecordsTopic } from '@rollcall/contracts';
import { readTopic, TestEnvironment } from '@rollcall/testing';
import kafkajs from 'kafkajs';

import { ensureTopics, partitionBounds, Publisher } from '../src/index.js';

jest.setTimeout(60_000);

describe('the publisher', () => {
  let environment: TestEnvironment;
  let publisher: Publisher;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await ensureTopics(environment.kafka, [peopleTopic, rawRecordsTopic], 1);
    publisher = new Publisher(environment.kafka, await environment.signingOf('sync-runner'));
  });

  afterAll(async () => {
    await publisher.close();
    await environment.remove();
  });

  const read = async () => readTopic(environment.kafka, peopleTopic);

  it('keeps the order of each caller and of callers among themselves, per key', async () => {
    const callers = Array.from({ length: 40 }, (_, caller) =>
      publisher.publish(
        Array.from({ length: 25 }, (_, index) => ({
          topic: peopleTopic,
          key: `key-${index % 5}`,
          value: JSON.stringify({ caller, index }),
        })),
      ),
    );
    await Promise.all(callers);
    const byKey = new Map<string, { caller: number; index: number }[]>();
    for (const { key, value } of await read()) {
      byKey.set(key, [...(byKey.get(key) ?? []), JSON.parse(value) as { caller: number; index: number }]);
    }
    expect([...byKey.values()].flat()).toHaveLength(1000);
    for (const messages of byKey.values()) {
      const inOrder = messages.toSorted((a, b) => a.caller - b.caller || a.index - b.index);
      expect(messages).toEqual(inOrder);
    }
  });

  it('puts equal keys into one partition, and a message where its partition is part of the data', async () => {
    const partitions = new Map<string, Set<number>>();
    for (const { key, partition } of await read())
      partitions.set(key, (partitions.get(key) ?? new Set()).add(partition));
    expect([...partitions.values()].every((found) => found.size === 1)).toBe(true);
    await publisher.publish([{ topic: rawRecordsTopic, key: 'acme', partition: 17, value: 'x' }]);
    expect((await partitionBounds(environment.kafka, rawRecordsTopic)).get(17)).toEqual({ low: 0, high: 1 });
  });

  it('is done only when everything is acknowledged, also beyond the size of one request', async () => {
    const before = (await read()).length;
    const value = 'x'.repeat(400_000);
    await publisher.publish(
      Array.from({ length: 20 }, (_, index) => ({ topic: peopleTopic, key: `big-${index}`, value })),
    );
    expect(await read()).toHaveLength(before + 20);
  });

  it('publishes nothing for nothing, and says so when a message can never be taken', async () => {
    const before = (await read()).length;
    await publisher.publish([]);
    const tooLarge = 'x'.repeat(9 * 1024 * 1024);
    await expect(publisher.publish([{ topic: peopleTopic, key: 'huge', value: tooLarge }])).rejects.toThrow();
    // The producer starts with a new sequence, and the next message goes through.
    await publisher.publish([{ topic: peopleTopic, key: 'after', value: 'after' }]);
    expect(await read()).toHaveLength(before + 1);
  });

  it('names topic, size, limit and cure of what a topic does not take, and blames no caller for another one', async () => {
    const name = environment.kafka.nameOf(peopleTopic.name);
    const limit = (value: number) =>
      environment.kafka.withAdmin((admin) =>
        admin.alterConfigs({
          validateOnly: false,
          resources: [
            {
              type: kafkajs.ConfigResourceTypes.TOPIC,
              name,
              configEntries: [{ name: 'max.message.bytes', value: String(value) }],
            },
          ],
        }),
      );
    await limit(20_000);
    try {
      const before = (await read()).length;
      // The first goes out by itself; the others queue up behind it, and share a request.
      const callers = ['a', 'b', 'c', 'd'].map((caller) =>
        publisher.publish([
          { topic: peopleTopic, key: 'shared', value: caller.repeat(caller === 'c' ? 30_000 : 9_000) },
        ]),
      );
      const settled = await Promise.allSettled(callers);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
      const { reason } = settled[2] as PromiseRejectedResult;
      expect(reason).toMatchObject({ code: 'batch-too-large', details: { topic: name, bytes: 30_000, limit: 20_000 } });
      expect((reason as Error).message).toMatch(/it takes 20000 at once.*max\.message\.bytes of the topic to 8388608/);
      expect(await read()).toHaveLength(before + 3);
    } finally {
      await limit(8 * 1024 * 1024);
    }
  });
});
