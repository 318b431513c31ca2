import { setTimeout as sleep } from 'node:timers/promises';

import { type Document, MongoClient } from 'mongodb';

import { EngineError } from '../engine-error.js';

const POLL_MS = 100;
export const REPLICA_SET = 'rollcall';

/**
 * `directConnection=false`: the driver learns the set from the node and follows its primary, which transactions and
 * retryable writes need.
 */
export const mongodbUriOf = (port: number): string =>
  `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}&directConnection=false`;

/**
 * Makes the node at `host` the one member and primary of its set: initiates a fresh one, corrects the address of one
 * that lay on another port before, and waits until it accepts writes.
 * @throws EngineError ENGINE_DID_NOT_START
 */
export async function ensurePrimary(host: string, timeoutMs: number, stillWorthIt = () => true): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let reason = 'no answer';
  while (stillWorthIt() && Date.now() < deadline) {
    const state = await advance(host).catch((error: unknown) => String(error));
    if (state === 'primary') return;
    reason = state;
    await sleep(POLL_MS);
  }
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    stillWorthIt() ? `MongoDB at ${host} did not become primary: ${reason}.` : 'MongoDB ended while starting.',
    'Check the log of MongoDB.',
  );
}

/** Takes one step towards being primary and says where the node stands. */
async function advance(host: string): Promise<string> {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1_000,
    connectTimeoutMS: 1_000,
    readPreference: 'secondaryPreferred',
  });
  try {
    await client.connect();
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary === true && hello.me === host) return 'primary';
    const stored = await client.db('local').collection('system.replset').findOne({});
    if (!stored) {
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
      return 'initiated';
    }
    if (memberHost(stored) === host) return 'waiting for election';
    const config = { ...stored, version: Number(stored.version) + 1, members: [{ ...stored.members[0], host }] };
    await admin.command({ replSetReconfig: config, force: true });
    return 'address corrected';
  } finally {
    await client.close();
  }
}

const memberHost = (config: Document): unknown => (config.members as Document[] | undefined)?.[0]?.host;
