import { AppError } from '@rollcall/contracts';
import kafkajs from 'kafkajs';

import type { KafkaConnection } from './kafka-connection.js';
import type { OutgoingMessage } from './outgoing-message.js';

/** Least that a topic must take: what one request of a publisher may hold, and what surrounds it. */
const neededBytes = 8 * 1024 * 1024;
const limitSetting = 'max.message.bytes';

/** A broker's refusal of a batch in words: which topic, how large, its limit, and what to do. */
export async function batchTooLarge(
  connection: KafkaConnection,
  messages: readonly OutgoingMessage[],
  cause: unknown,
): Promise<AppError> {
  const sizes = new Map<string, number>();
  for (const { topic, value } of messages) {
    const name = connection.nameOf(topic.name);
    sizes.set(name, (sizes.get(name) ?? 0) + Buffer.byteLength(value));
  }
  const limits = await limitsOf(connection, [...sizes.keys()]);
  const exceeded = [...sizes].filter(([name, bytes]) => bytes > (limits.get(name) ?? Number.POSITIVE_INFINITY));
  const [topic, bytes] = (exceeded.length > 0 ? exceeded : [...sizes]).sort(([, one], [, other]) => other - one)[0]!;
  const limit = limits.get(topic) ?? null;
  return new AppError(
    'batch-too-large',
    `Kafka refused ${bytes} bytes for topic ${topic}: ${limit === null ? 'they are' : `it takes ${limit} at once, so they are`} ` +
      `too large. Nothing of them was written. Set ${limitSetting} of the topic to ${Math.max(neededBytes, bytes * 2)} or more ` +
      `(kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${limitSetting}=...), then try again.`,
    // Whoever tries until it works goes on doing so: the topic may be given another limit any time.
    { cause, retriable: true, details: { topic, bytes, limit } },
  );
}

/** Empty where the broker does not say: its refusal is told all the same. */
async function limitsOf(connection: KafkaConnection, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  try {
    return await connection.withAdmin(async (admin) => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((name) => ({
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name,
          configNames: [limitSetting],
        })),
      });
      return new Map(
        resources.map(({ resourceName, configEntries }) => [
          resourceName,
          Number(configEntries.find(({ configName }) => configName === limitSetting)?.configValue),
        ]),
      );
    });
  } catch {
    return new Map();
  }
}
