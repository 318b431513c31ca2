import { randomUUID } from 'node:crypto';

import type { TopicDefinition } from '@rollcall/contracts';

import type { KafkaConnection } from './kafka-connection.js';
import { partitionBounds } from './topic-admin.js';

export interface ReadMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that stands in a topic now, from the first offset kept to the end, in partition order. */
export async function readTopic(kafka: KafkaConnection, topic: TopicDefinition): Promise<ReadMessage[]> {
  const messages: ReadMessage[] = [];
  await streamTopic(kafka, topic, (message) => messages.push(message));
  return messages.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** The same one by one, in order within each partition, for topics that do not fit into memory. */
export async function streamTopic(
  kafka: KafkaConnection,
  topic: TopicDefinition,
  take: (message: ReadMessage) => void,
): Promise<void> {
  const bounds = await partitionBounds(kafka, topic);
  const left = new Map([...bounds].filter(([, { low, high }]) => high > low).map(([p, { high }]) => [p, high]));
  if (left.size === 0) return;
  const consumer = kafka.kafka.consumer({ groupId: `${kafka.namespace}.reader.${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: kafka.nameOf(topic.name), fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            for (const message of batch.messages) {
              take({
                partition: batch.partition,
                offset: Number(message.offset),
                key: message.key?.toString() ?? '',
                value: message.value?.toString() ?? '',
                headers: Object.fromEntries(
                  Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
                ),
              });
            }
            const end = left.get(batch.partition);
            if (end !== undefined && Number(batch.lastOffset()) + 1 >= end) left.delete(batch.partition);
            if (left.size === 0) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}
