import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, attemptTransaction } from '@rollcall/collections';
import { TestEnvironment } from '@rollcall/testing';

import { ChangeSet } from '../src/changes/change-set.js';
import { ChangesRepository } from '../src/changes/changes.repository.js';
import { buildAccount } from './build-documents.js';

describe('an account that is written from what was read a moment ago', () => {
  let environment: TestEnvironment;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
  }, 60_000);

  afterAll(() => environment.remove(), 60_000);

  it('loses its hash though somebody noted one meanwhile, which no revision tells (B9)', async () => {
    const { databases } = environment;
    const collection = databases.collection(accounts);
    const read = buildAccount({ active: false, hash: null, observedAt: 1_000, revision: 2 });
    await collection.insertOne({ ...read, hash: 'noted meanwhile', observedAt: 2_000 });
    const set = new ChangeSet();
    const cause = { kind: 'run', run: 'run', integration: read.integration, initial: false } as const;
    const origin = { position: 'p00/000000000001', time: new Date(3_000).toISOString(), cause };
    set.replaceAccount(read, { ...read, active: true }, origin);
    await attemptTransaction(databases, (session) => new ChangesRepository(databases).write(session, set));
    const changed = { time: origin.time, cause };
    expect(await collection.findOne({ _id: read._id })).toEqual({ ...read, active: true, revision: 3, changed });
  });
});
