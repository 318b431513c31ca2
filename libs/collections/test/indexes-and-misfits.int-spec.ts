import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestEnvironment } from '@rollcall/testing';

import { apps, findIndexDifferences, findMisfits, runs, syncIndexes } from '../src/index.js';

jest.setTimeout(60_000);

describe('what is stored, compared with the schemas', () => {
  let environment: TestEnvironment;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    for (const owner of ['mapping', 'sync-runner'] as const) await environment.databases.ensure(owner);
  });

  afterAll(async () => {
    await environment.remove();
  });

  const differencesOf = async (name: string) =>
    (await findIndexDifferences(environment.databases)).filter(({ collection }) => collection === name);

  it('finds no difference in indexes that a service made at its start', async () => {
    expect((await findIndexDifferences(environment.databases)).filter(({ owner }) => owner === 'mapping')).toEqual([]);
  });

  it('finds an index that is missing and one that no schema asks for, and mends both', async () => {
    const collection = environment.databases.collection(runs);
    await collection.dropIndex('integration_1_plannedAt_-1');
    await collection.createIndex({ kind: 1 });
    const found = await differencesOf('runs');
    expect(found).toEqual([
      { owner: 'sync-runner', collection: 'runs', missing: ['{"integration":1,"plannedAt":-1}'], stale: ['kind_1'] },
    ]);
    await syncIndexes(environment.databases, found);
    expect(await differencesOf('runs')).toEqual([]);
  });

  it('names what is wrong with documents that do not fit, and none of their values', async () => {
    const good = { name: 'App', category: '', connector: null, linkedBy: 'auto' as const, createdAt: new Date(0) };
    await environment.databases
      .collection(apps)
      .insertMany([
        { _id: 'good', ...good },
        { _id: 'bad', ...good, linkedBy: 'stored-value' as 'auto' },
        { _id: 'more', ...good, other: 'stored-value' } as never,
      ]);
    const found = await findMisfits(environment.databases);
    expect(found).toMatchObject([{ looked: 3, count: 2 }]);
    expect(found[0]!.collection).toMatch(/_mapping\.apps$/);
    expect(JSON.stringify(found)).not.toContain('stored-value');
  });
});
