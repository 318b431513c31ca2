import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Module } from '@nestjs/common';
import { apps, migrationsOf, schemaOf } from '@rollcall/collections';
import { type RunningService, TestEnvironment } from '@rollcall/testing';

import { parseEnvironment, serviceConfigSchema } from '../src/index.js';

jest.setTimeout(60_000);

@Module({})
class EmptyModule {}

const newest = 1 + migrationsOf('mapping').length;

let environment: TestEnvironment;
let running: RunningService | undefined;
beforeAll(async () => {
  environment = await TestEnvironment.create();
});
afterAll(async () => {
  await environment?.remove();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await environment.databases.database('mapping').dropDatabase();
});

const schema = () => environment.databases.collection(schemaOf('mapping'));
const database = () => environment.databases.database('mapping');

async function start(NODE_ENV = 'test'): Promise<void> {
  const config = parseEnvironment(serviceConfigSchema, environment.variables({ NODE_ENV }));
  running = await environment.start('mapping', EmptyModule, config);
}

/** A database in which somebody worked with that version; with none, before there were versions. */
async function write(version: number | null): Promise<void> {
  await database().collection<{ _id: string }>(apps.name).insertOne({ _id: 'an-app' });
  if (version !== null) await schema().insertOne({ _id: 'schema', version, at: new Date() });
}

describe('a service', () => {
  it.each([
    ['older', null, 'test', /version 1.*earlier version.*Nothing was changed.*backup.*rollcall provision/s],
    ['older', null, 'production', /version 1.*rollcall provision/s],
    ['newer', newest + 1, 'test', /later version.*Nothing was changed.*Install that later version, or restore/s],
    ['newer', newest + 1, 'production', /Install that later version, or restore/],
  ])('refuses a database that is %s (version %s, %s), and leaves it as it was', async (_, version, mode, words) => {
    await write(version);
    await expect(start(mode)).rejects.toThrow(words);
    const collections = (await database().listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    expect(collections.sort()).toEqual(version === null ? [apps.name] : [apps.name, 'schema']);
  });

  it('starts on a new database, which has the version of its code then', async () => {
    await start();
    expect(await schema().findOne()).toMatchObject({ version: newest });
    expect((await running!.infrastructure.health.report()).checks['database versions']).toMatchObject({ ok: true });
  });

  it('says in /readyz when its database is of another version meanwhile', async () => {
    await start();
    await schema().updateOne({ _id: 'schema' }, { $inc: { version: 1 } });
    const { ready, checks } = await running!.infrastructure.health.report();
    expect(ready).toBe(false);
    expect(checks['database versions']).toMatchObject({ ok: false, detail: expect.stringMatching(/later version/) });
  });
});
