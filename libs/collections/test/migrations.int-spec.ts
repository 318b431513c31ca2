import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestEnvironment, waitFor } from '@rollcall/testing';
import type { Document } from 'mongodb';

import {
  databaseOwners,
  migrateDatabase,
  type Migration,
  migrationsOf,
  missingFields,
  pendingMigrations,
  schemaOf,
  SchemaVersionError,
} from '../src/index.js';

jest.setTimeout(60_000);

const owner = 'workflow';
const cards = 'cards';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await TestEnvironment.create();
});
afterAll(async () => {
  await environment?.remove();
});
afterEach(async () => {
  await database().dropDatabase();
});

const database = () => environment.databases.database(owner);
const schema = () => environment.databases.collection(schemaOf(owner)).findOne({ _id: 'schema' });
const version = async () => (await schema())?.version;
const all = () => database().collection(cards).find().sort({ _id: 1 }).toArray();
const migrate = (migrations: readonly Migration[], lockMs = 30_000, tell?: (line: string) => void) =>
  migrateDatabase(environment.databases, owner, { migrations, lockMs, tell });

const paint: Migration = { what: 'cards have a colour', steps: [missingFields(cards, { colour: 'red' })] };
const number: Migration = {
  what: 'cards have a number',
  steps: [missingFields(cards, { number: ({ _id }: Document) => Number(_id) * 2 })],
};

async function insertCards(count: number, more: Document = {}): Promise<void> {
  await database()
    .collection<Document & { _id: number }>(cards)
    .insertMany(Array.from({ length: count }, (_, index) => ({ _id: index, ...more })));
}

describe('migrations of a database', () => {
  it('are done one after the other, from the version that it has', async () => {
    await insertCards(3);
    const lines: string[] = [];
    await migrate([paint], 30_000, (line) => lines.push(line));
    expect(await version()).toBe(2);
    expect(lines.join('\n')).toContain('cards have a colour');
    expect(lines.join('\n')).toContain('3 documents of cards changed');
    await database()
      .collection(cards)
      .updateMany({}, { $set: { colour: 'blue' } });
    await migrate([paint, number]);
    expect(await version()).toBe(3);
    expect(await all()).toEqual([0, 1, 2].map((_id) => ({ _id, colour: 'blue', number: _id * 2 })));
  });

  it('leave a field alone that is there', async () => {
    await insertCards(1, { colour: null });
    await migrate([paint]);
    expect(await all()).toEqual([{ _id: 0, colour: null }]);
  });

  it('are not needed by a new database, which has the newest version from its first moment', async () => {
    await environment.databases.ensure(owner);
    expect(await version()).toBe(1 + migrationsOf(owner).length);
    expect(await pendingMigrations(environment.databases, owner)).toEqual([]);
    await database().dropDatabase();
    await migrate([paint, number]);
    expect(await version()).toBe(3);
  });

  it('count a database without a version as one of the first release', async () => {
    for (const one of databaseOwners) {
      await environment.databases.database(one).collection('anything').insertOne({});
      expect(await pendingMigrations(environment.databases, one)).toEqual(migrationsOf(one));
      await environment.databases.ensure(one);
      expect(await pendingMigrations(environment.databases, one)).toEqual(migrationsOf(one));
      await environment.databases.database(one).dropDatabase();
    }
  });

  it('refuse a database of a later version and leave it as it is', async () => {
    await insertCards(1);
    await migrate([paint, number]);
    const before = [await all(), await schema()];
    const refused = await migrate([paint]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SchemaVersionError);
    expect(String(refused)).toMatch(/later version.*Install that later version, or restore the backup/s);
    expect([await all(), await schema()]).toEqual(before);
  });

  it('change an index whose options are others today', async () => {
    await insertCards(2);
    await database().collection(cards).createIndex({ at: 1 }, { expireAfterSeconds: 10 });
    await migrate([{ what: 'cards are kept longer', steps: [{ collection: cards, dropIndex: { at: 1 } }] }]);
    await database().collection(cards).createIndex({ at: 1 }, { expireAfterSeconds: 20 });
    await migrate([{ what: 'nothing', steps: [{ collection: 'no-such', dropIndex: { at: 1 } }] }]);
    expect((await database().collection(cards).indexes()).map(({ expireAfterSeconds }) => expireAfterSeconds)).toEqual([
      undefined,
      20,
    ]);
  });

  it('take over a collection of another database of the same service, also after a kill in the middle', async () => {
    await insertCards(1);
    const source = environment.databases.database('vault-private').collection<{ _id: string; at: number }>('marks');
    const target = database().collection<{ _id: string; at: number }>('marks');
    await source.insertMany([
      { _id: 'copied before the kill', at: 1 },
      { _id: 'not copied yet', at: 2 },
    ]);
    await target.insertMany([
      { _id: 'copied before the kill', at: 1 },
      { _id: 'written here', at: 3 },
    ]);
    const move: Migration = { what: 'marks move', steps: [{ collection: 'marks', from: 'vault-private' }] };
    await migrate([move]);
    expect((await target.find().sort({ at: 1 }).toArray()).map(({ _id }) => _id)).toEqual([
      'copied before the kill',
      'not copied yet',
      'written here',
    ]);
    expect(await environment.databases.database('vault-private').listCollections({ name: 'marks' }).toArray()).toEqual(
      [],
    );
    await migrate([move, { what: 'nothing is left to move', steps: move.steps }]);
    expect(await version()).toBe(3);
    expect(await target.countDocuments()).toBe(3);
  });
});

describe('several at once', () => {
  it('migrate once: the others wait and find it done', async () => {
    await insertCards(1200);
    let made = 0;
    const counting: Migration = {
      what: 'cards are counted',
      steps: [{ collection: cards, where: { counted: { $exists: false } }, set: () => ({ counted: (made += 1) }) }],
    };
    await Promise.all([migrate([counting]), migrate([counting]), migrate([counting])]);
    expect(made).toBe(1200);
    expect(await version()).toBe(2);
  });

  it('lose nothing when one comes back that was taken for dead', async () => {
    await insertCards(600);
    let isStopped = true;
    const slow: Migration = {
      what: 'somebody is slow',
      steps: [
        {
          collection: cards,
          where: { by: { $exists: false } },
          set: () => {
            // The whole process stands still for longer than its lock lives.
            if (isStopped) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
            isStopped = false;
            return { by: 'slow' };
          },
        },
      ],
    };
    const quick: Migration = { what: 'somebody is quick', steps: [missingFields(cards, { by: 'quick' })] };
    await Promise.all([migrate([slow], 300), migrate([quick], 300)]);
    expect(await version()).toBe(2);
    expect((await all()).filter(({ by }) => by === undefined)).toEqual([]);
    expect((await schema())?.lock).toBeNull();
  });
});

describe('a process that is killed in the middle', () => {
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
  });

  it('leaves the rest to the next one, which does nothing twice', async () => {
    await insertCards(1300, { runs: 0 });
    child = spawn(process.execPath, ['--input-type=module', '-e', haltingMigration], {
      env: { ...process.env, NAMESPACE: environment.namespace, OWNER: owner },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const done = { done: true };
    await waitFor('the first batch', async () => (await database().collection(cards).countDocuments(done)) >= 500);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await database().collection(cards).countDocuments(done)).toBe(500);
    expect(await schema()).toMatchObject({ version: 1, lock: { holder: expect.any(String) } });
    await migrate([
      {
        what: 'the same',
        steps: [
          {
            collection: cards,
            where: { done: { $exists: false } },
            set: ({ runs }) => ({ done: true, runs: runs + 1 }),
          },
        ],
      },
    ]);
    expect(await version()).toBe(2);
    expect(await database().collection(cards).countDocuments({ done: true, runs: 1 })).toBe(1300);
  });
});

/** Stands still for ever in its second batch, holding the lock for two seconds. */
const haltingMigration = `
  const { Databases, migrateDatabase } = await import('@rollcall/collections');
  const { MONGODB_URI: uri, NAMESPACE: namespace, OWNER: owner } = process.env;
  const databases = await Databases.connect({ uri, namespace, appName: 'test' });
  const set = ({ _id, runs }) => {
    if (_id === 700) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return { done: true, runs: runs + 1 };
  };
  const step = { collection: 'cards', where: { done: { $exists: false } }, set };
  await migrateDatabase(databases, owner, { migrations: [{ what: 'a test', steps: [step] }], lockMs: 2000 });
`;
