import { setTimeout as sleep } from 'node:timers/promises';

import type { TopicDefinition } from '@rollcall/contracts';
import type { Admin } from 'kafkajs';

import type { KafkaConnection } from './kafka-connection.js';
import { wait } from './wait.js';

const HOUR_MS = 60 * 60_000;

const listAttempts = 50;

/** Names of all topics. The broker refuses the whole list while a single topic is being made or deleted: ask again. */
export async function listTopics(admin: Admin): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await admin.listTopics();
    } catch (error) {
      if (attempt >= listAttempts || (error as { retriable?: boolean }).retriable !== true) throw error;
      await sleep(100);
    }
  }
}

/** Creates missing topics with their partitions and retention (G2); existing ones keep what they have. */
export async function ensureTopics(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
  replicationFactor: number,
): Promise<void> {
  await connection.withAdmin(async (admin) => {
    const existing = new Set(await listTopics(admin));
    const missing = topics.filter((topic) => !existing.has(connection.nameOf(topic.name)));
    if (missing.length === 0) return;
    await admin.createTopics({
      // kafkajs would give up on a topic that the broker has accepted but does not show yet; see below.
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic: connection.nameOf(topic.name),
        numPartitions: topic.partitions,
        replicationFactor,
        configEntries: [
          { name: 'retention.ms', value: String(topic.retentionHours * HOUR_MS) },
          { name: 'max.message.bytes', value: String(8 * 1024 * 1024) },
          ...(replicationFactor >= 3 ? [{ name: 'min.insync.replicas', value: '2' }] : []),
        ],
      })),
    });
    await untilShown(
      admin,
      missing.map((topic) => connection.nameOf(topic.name)),
    );
  });
}

async function untilShown(admin: Admin, names: readonly string[]): Promise<void> {
  for (let look = 0; look < listAttempts; look += 1) {
    const shown = new Set(await listTopics(admin));
    if (names.every((name) => shown.has(name))) return;
    await sleep(100);
  }
}

/** Then it is said, and the wait begins again. */
const topicWaitMs = 20_000;

/** Waits until the owner of a topic has created it, or nobody waits any more; services start in any order. */
export async function waitForTopic(
  connection: KafkaConnection,
  topic: TopicDefinition,
  stopping: AbortSignal,
): Promise<void> {
  const name = connection.nameOf(topic.name);
  const until = performance.now() + topicWaitMs;
  await connection.withAdmin(async (admin) => {
    while (!stopping.aborted && !(await listTopics(admin)).includes(name)) {
      if (performance.now() > until) {
        throw new Error(
          `topic ${name} does not exist: start ${topic.owner}, which creates it, or run \`rollcall provision\``,
        );
      }
      await wait(300, stopping);
    }
  });
}

/** Offsets that a group committed, per partition; partitions without one are left out. */
export async function committedOffsets(
  connection: KafkaConnection,
  topic: TopicDefinition,
  group: string,
): Promise<Map<number, number>> {
  const [offsets] = await connection.withAdmin((admin) =>
    admin.fetchOffsets({ groupId: connection.groupOf(group), topics: [connection.nameOf(topic.name)] }),
  );
  const known = (offsets?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
  return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
}

/** First offset kept and offset after the last message, per partition. */
export async function partitionBounds(
  connection: KafkaConnection,
  topic: TopicDefinition,
): Promise<Map<number, { low: number; high: number }>> {
  const offsets = await connection.withAdmin((admin) => admin.fetchTopicOffsets(connection.nameOf(topic.name)));
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
}
