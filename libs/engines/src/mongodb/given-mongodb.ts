import { MongoClient } from 'mongodb';

import { EngineError } from '../engine-error.js';

const ANSWER_WITHIN_MS = 30_000;

/**
 * Checks an address given by the person: it answers, and it is a replica set.
 * @throws EngineError ENGINE_DID_NOT_START
 */
export async function checkGivenMongodb(uri: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: ANSWER_WITHIN_MS });
  const cure = 'Check MONGODB_URI, or unset it to let Rollcall start its own MongoDB.';
  try {
    await client.connect();
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello.setName) return;
  } catch (error) {
    // The address itself may hold a password, so it is not repeated.
    const name = error instanceof Error ? error.name : 'unknown error';
    throw new EngineError('ENGINE_DID_NOT_START', `MongoDB at MONGODB_URI does not answer (${name}).`, cure);
  } finally {
    await client.close();
  }
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    'MongoDB at MONGODB_URI is not a replica set, so it has no transactions.',
    cure,
  );
}
