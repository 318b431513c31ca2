import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestEnvironment } from '@rollcall/testing';
import type { Collection } from 'mongodb';

import {
  type AppDocument,
  apps,
  attemptTransaction,
  collectionsOf,
  duplicateValueOf,
  inTransaction,
  isDuplicateKey,
  isOutcomeUnknown,
  isTransient,
  people,
  type PersonDocument,
} from '../src/index.js';

jest.setTimeout(60_000);

describe('databases and transactions', () => {
  let environment: TestEnvironment;
  let collection: Collection<AppDocument>;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
    collection = environment.databases.collection(apps);
  });

  afterAll(async () => {
    await environment.remove();
  });

  const app = (_id: string, name = _id): AppDocument => ({
    _id,
    name,
    category: 'test',
    connector: 'test',
    linkedBy: 'auto',
    createdAt: new Date(0),
  });
  const caught = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  it('creates the collections and indexes of an owner, also when two replicas start at once (G2)', async () => {
    const { databases } = environment;
    await Promise.all([databases.ensure('workflow'), databases.ensure('workflow'), databases.ensure('workflow')]);
    const names = (await databases.database('workflow').listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(
      collectionsOf('workflow')
        .map(({ name }) => name)
        .sort(),
    );
    const indexes = await databases.collection(people).indexes();
    expect(indexes.some(({ unique, key }) => unique && 'keys' in key)).toBe(true);
  });

  it('keeps each owner in a database of its own, in the namespace of the installation', () => {
    expect(environment.databases.database('vault-private').databaseName).toBe(`${environment.namespace}_vault_private`);
  });

  it('writes with majority and journal, and reads what a majority has (P1)', () => {
    const { options } = environment.databases.client;
    expect(options.writeConcern).toMatchObject({ w: 'majority', journal: true });
    expect(options.readConcern?.level).toBe('majority');
    expect(options.readPreference.mode).toBe('primary');
  });

  it('lets a key be held by one person only, and several people have none (D4)', async () => {
    const collectionOfPeople = environment.databases.collection(people);
    const person = (_id: string, keys?: string[]) => ({ _id, keys }) as PersonDocument;
    await collectionOfPeople.insertMany([person('a'), person('b'), person('c', ['email:x', 'badge:1'])]);
    const error = await caught(collectionOfPeople.insertOne(person('d', ['badge:1'])));
    expect([isDuplicateKey(error), isTransient(error)]).toEqual([true, false]);
    expect([duplicateValueOf(error, 'keys'), duplicateValueOf(error, 'name')]).toEqual(['badge:1', null]);
  });

  it('names the value that was refused, whichever way it was written and whatever it holds (B14)', async () => {
    const collectionOfPeople = environment.databases.collection(people);
    const odd = 'email:a "b" }, { keys: "c';
    const person = (_id: string) => ({ _id, keys: [odd] }) as PersonDocument;
    await collectionOfPeople.insertOne(person('odd-1'));
    const errors = [
      await caught(collectionOfPeople.insertOne(person('odd-2'))),
      await caught(collectionOfPeople.insertMany([person('odd-3')])),
      await caught(collectionOfPeople.bulkWrite([{ insertOne: { document: person('odd-4') } }])),
    ];
    expect(errors.map((error) => duplicateValueOf(error, 'keys'))).toEqual([odd, odd, odd]);
    expect(duplicateValueOf(new Error('dup key: { keys: "x" }'), 'keys')).toBeNull();
  });

  it('rolls everything back when the work throws', async () => {
    const failing = async (_id: string, run: typeof attemptTransaction) =>
      caught(
        run(environment.databases, async (session) => {
          await collection.insertOne(app(_id), { session });
          throw new Error('no');
        }),
      );
    expect(await failing('r1', attemptTransaction)).toMatchObject({ message: 'no' });
    expect(await failing('r2', inTransaction as typeof attemptTransaction)).toMatchObject({ message: 'no' });
    expect(await collection.countDocuments({ _id: /^r/ })).toBe(0);
  });

  it('tells a conflict apart: nothing was written, and one of two attempts must start over (B14)', async () => {
    await collection.insertOne(app('shared'));
    let entered = 0;
    let both!: () => void;
    const together = new Promise<void>((resolve) => (both = resolve));
    const attempt = (name: string) =>
      caught(
        attemptTransaction(environment.databases, async (session) => {
          await collection.findOne({ _id: 'shared' }, { session });
          entered += 1;
          if (entered === 2) both();
          await together;
          await collection.updateOne({ _id: 'shared' }, { $set: { name } }, { session });
        }),
      );
    const outcomes = await Promise.all([attempt('first'), attempt('second')]);
    const lost = outcomes.filter((outcome) => outcome !== null);
    expect(lost).toHaveLength(1);
    expect([isTransient(lost[0]), isDuplicateKey(lost[0]), isOutcomeUnknown(lost[0])]).toEqual([true, false, false]);
  });

  it('repeats by itself what may be repeated, until every counter is counted', async () => {
    await collection.insertOne(app('counter', '0'));
    const count = () =>
      inTransaction(environment.databases, async (session) => {
        const found = await collection.findOne({ _id: 'counter' }, { session });
        await collection.updateOne(
          { _id: 'counter' },
          { $set: { name: String(Number(found!.name) + 1) } },
          { session },
        );
      });
    await Promise.all(Array.from({ length: 10 }, count));
    expect((await collection.findOne({ _id: 'counter' }))?.name).toBe('10');
  });
});
