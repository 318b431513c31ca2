import { collectionsOf, type DatabaseOwner } from '@rollcall/collections';
import { serviceNames, topics, topicsOwnedBy } from '@rollcall/contracts';
import { ensureTopics, readTopic } from '@rollcall/messaging';
import { type TestEnvironment, waitFor } from '@rollcall/testing';
import type { Document } from 'mongodb';

type Messages = Awaited<ReturnType<typeof readTopic>>;

/** A request must not outgrow what the broker takes. */
const messagesAtOnce = 100;

/** Databases that are restored with a service's. */
const databasesOf = (service: DatabaseOwner): DatabaseOwner[] =>
  service === 'credential-vault' ? [service, 'vault-private'] : [service];

/** What a backup holds: every collection with its documents, every topic with its messages. */
export interface Backup {
  readonly documents: ReadonlyMap<string, readonly Document[]>;
  readonly messages: ReadonlyMap<string, Messages>;
}

export async function backUp({ databases, kafka }: TestEnvironment): Promise<Backup> {
  const documents = new Map<string, readonly Document[]>();
  for (const owner of serviceNames.flatMap(databasesOf)) {
    for (const collection of collectionsOf(owner)) {
      documents.set(`${owner}/${collection.name}`, await databases.collection(collection).find().toArray());
    }
  }
  const messages = new Map<string, Messages>();
  for (const topic of topics) messages.set(topic.name, await readTopic(kafka, topic));
  return { documents, messages };
}

/** Indexes stay; documents become what they were. */
export async function restoreDatabase(
  { databases }: TestEnvironment,
  { documents }: Backup,
  service: DatabaseOwner,
): Promise<void> {
  for (const owner of databasesOf(service)) {
    for (const collection of collectionsOf(owner)) {
      const stored = databases.collection(collection);
      await stored.deleteMany({});
      const before = documents.get(`${owner}/${collection.name}`)!;
      if (before.length > 0) await stored.insertMany([...before]);
    }
  }
}

/** Every topic made anew, with the messages that it held. What groups had committed is lost with the old ones. */
export async function restoreTopics({ kafka }: TestEnvironment, { messages }: Backup): Promise<void> {
  const names = topics.map(({ name }) => kafka.nameOf(name));
  await kafka.withAdmin((admin) => admin.deleteTopics({ topics: names }));
  await waitFor('the topics to be gone', () =>
    kafka.withAdmin(async (admin) => {
      const left = new Set(await admin.listTopics());
      return names.every((name) => !left.has(name));
    }),
  );
  for (const service of serviceNames) await ensureTopics(kafka, topicsOwnedBy(service), 1);
  const producer = kafka.kafka.producer();
  await producer.connect();
  try {
    for (const [topic, held] of messages) {
      if (held.length === 0) continue;
      const values = held.map(({ partition, key, value, headers }) => ({ partition, key, value, headers }));
      for (let first = 0; first < values.length; first += messagesAtOnce) {
        await producer.send({ topic: kafka.nameOf(topic), messages: values.slice(first, first + messagesAtOnce) });
      }
    }
  } finally {
    await producer.disconnect();
  }
}
