import type { TopicDefinition } from '@rollcall/contracts';
// Node finds this name on the whole module only, not as a named export.
import kafkajs, { type Admin, type ConfigResourceTypes } from 'kafkajs';

import type { KafkaConnection } from './kafka-connection.js';
import { listTopics } from './topic-admin.js';

/** What the broker really does with a topic. */
export interface TopicSettings {
  readonly topic: string;
  /** Fewest replicas of a partition. */
  readonly replicas: number;
  readonly partitions: number;
  readonly values: Readonly<Record<string, string>>;
}

const topicSettings = [
  'min.insync.replicas',
  'unclean.leader.election.enable',
  'cleanup.policy',
  'retention.ms',
  'compression.type',
];
const brokerSettings = ['auto.create.topics.enable', 'compression.type'];

/** Effective settings of topics in the order given, defaults of the broker included; no replicas where there is no topic. */
export async function readTopicSettings(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
): Promise<TopicSettings[]> {
  return connection.withAdmin(async (admin) => {
    const names = topics.map(({ name }) => connection.nameOf(name));
    const existing = new Set(await listTopics(admin));
    const present = names.filter((name) => existing.has(name));
    if (present.length === 0) return names.map(absent);
    const metadata = await admin.fetchTopicMetadata({ topics: present });
    const values = await describe(admin, kafkajs.ConfigResourceTypes.TOPIC, present, topicSettings);
    return names.map((name) => {
      const partitions = metadata.topics.find((topic) => topic.name === name)?.partitions ?? [];
      if (partitions.length === 0) return absent(name);
      const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
      return { topic: name, replicas, partitions: partitions.length, values: values.get(name) ?? {} };
    });
  });
}

/** Effective settings of every broker, by its id. */
export async function readBrokerSettings(
  connection: KafkaConnection,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  return connection.withAdmin(async (admin) => {
    const { brokers } = await admin.describeCluster();
    const values = new Map<string, Record<string, string>>();
    // A broker tells its own settings only.
    for (const { nodeId } of brokers) {
      const told = await describe(admin, kafkajs.ConfigResourceTypes.BROKER, [String(nodeId)], brokerSettings);
      values.set(String(nodeId), told.get(String(nodeId)) ?? {});
    }
    return values;
  });
}

const absent = (topic: string): TopicSettings => ({ topic, replicas: 0, partitions: 0, values: {} });

async function describe(
  admin: Admin,
  type: ConfigResourceTypes,
  names: readonly string[],
  configNames: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const resources = names.map((name) => ({ type, name, configNames: [...configNames] }));
  const answer = await admin.describeConfigs({ resources, includeSynonyms: false });
  return new Map(
    answer.resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
}
