import { setTimeout as sleep } from 'node:timers/promises';

import { MongoClient } from 'mongodb';

import { EngineError } from '../engine-error.js';
import { withAdmin } from '../kafka/kafka-ready.js';
import { REPLICA_SET } from '../mongodb/replica-set.js';

const POLL_MS = 200;
const WITHIN_MS = 120_000;

/** Makes a set of fresh members. */
export async function formSet(members: readonly string[]): Promise<void> {
  const config = { _id: REPLICA_SET, members: members.map((host, _id) => ({ _id, host })) };
  await until('the set is formed', () =>
    withClient(`mongodb://${members[0]}/?directConnection=true`, async (client) => {
      const hello = await client.db('admin').command({ hello: 1 });
      if (hello['setName'] !== REPLICA_SET) await client.db('admin').command({ replSetInitiate: config });
      return true;
    }),
  );
}

/** Waits until the set has a primary and all others copy from it. */
export async function waitForMembers(uri: string, count: number): Promise<void> {
  await until(`${count} members of the set are in sync`, () =>
    withClient(uri, async (client) => {
      const { members } = await client.db('admin').command({ replSetGetStatus: 1 });
      const states = (members as { stateStr: string }[]).map(({ stateStr }) => stateStr);
      return states.filter((state) => state === 'PRIMARY' || state === 'SECONDARY').length === count;
    }),
  );
}

/** Port of the member that takes the writes. */
export async function primaryPort(uri: string): Promise<number> {
  const { primary } = await withClient(uri, (client) => client.db('admin').command({ hello: 1 }));
  return Number(String(primary).split(':')[1]);
}

/** Waits until `count` brokers are there and every partition has all its copies. */
export async function waitForCopies(brokers: string, count: number): Promise<void> {
  await until(`${count} brokers have all copies`, () =>
    withAdmin(brokers, async (admin) => {
      if ((await admin.describeCluster()).brokers.length !== count) return false;
      const { topics } = await admin.fetchTopicMetadata();
      return topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length));
    }),
  );
}

async function withClient<Result>(uri: string, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 2_000, connectTimeoutMS: 1_000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.close();
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  let reason: unknown = 'it is not so yet';
  while (Date.now() < deadline) {
    try {
      if (await isSo()) return;
    } catch (error) {
      reason = error;
    }
    await sleep(POLL_MS);
  }
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    `Waited ${WITHIN_MS / 1000} s until ${what}: ${String(reason)}`,
    'Read the logs of the nodes.',
    { cause: reason },
  );
}
