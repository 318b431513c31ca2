import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { collectionsOf, positions } from '@rollcall/collections';
import { rawRecordsTopic } from '@rollcall/contracts';
import { partitionBounds } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';
import type { Document } from 'mongodb';

import { MappingFixture } from './mapping-fixture.js';
import { storedFaults } from './record-ledger.js';

const titled = (id: string, title: string) => {
  const email = `${id}@example.com`;
  return buildUser(id, { raw: { email, name: id, title } });
};
const titles = (from: number, to: number, title: string) =>
  Array.from({ length: to - from }, (_, index) => titled(`u${from + index}`, title));

jest.setTimeout(60_000);

describe('a database restored from before', () => {
  let fixture: MappingFixture;
  let here: RawRecordsDriver;
  let there: RawRecordsDriver;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    here = await fixture.integration('here', { priority: 1, partition: 1 });
    there = await fixture.integration('there', { priority: 2, partition: 2 });
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const run = async (driver: RawRecordsDriver, name: string, users: Parameters<RawRecordsDriver['read']>[1]) => {
    const g = await driver.read(name, users);
    expect(await driver.report(name, 'mapped')).toMatchObject({ result: 'complete' });
    return g;
  };

  async function snapshot(): Promise<Map<string, Document[]>> {
    const { databases } = fixture.environment;
    const copy = new Map<string, Document[]>();
    for (const collection of collectionsOf('mapping')) {
      copy.set(collection.name, await databases.collection(collection).find().toArray());
    }
    return copy;
  }

  async function restore(copy: ReadonlyMap<string, Document[]>): Promise<void> {
    const { databases } = fixture.environment;
    for (const collection of collectionsOf('mapping')) {
      await databases.collection(collection).deleteMany({});
      const documents = copy.get(collection.name)!;
      if (documents.length > 0) await databases.collection(collection).insertMany(documents);
    }
  }

  /** Everything about the records but ids and times that a transaction made up. */
  const truth = async () => {
    const people = new Map((await fixture.people()).map((person) => [person._id, person]));
    const accounts = (await fixture.accounts()).map(({ _id, active, values, sourceStatus, person, deactivated }) => {
      const { values: folded, active: isActive, keys, provenance } = people.get(person!)!;
      const owner = { values: folded, active: isActive, keys, provenance };
      return { _id, active, values, sourceStatus, sweptBy: deactivated?.run ?? null, owner };
    });
    return { accounts, people: people.size };
  };

  const caughtUp = () =>
    waitFor('mapping to catch up with the topic', async () => {
      const bounds = await partitionBounds(fixture.environment.kafka, rawRecordsTopic);
      const stored = await fixture.environment.databases.collection(positions).find().toArray();
      return [1, 2].every((partition) => {
        const position = stored.find(({ _id }) => _id === partition);
        return position?.line === null && position.offset === bounds.get(partition)!.high - 1;
      });
    });

  it('catches up from the topic to the same records by itself, without waiting for a message', async () => {
    await run(here, 'here-1', titles(0, 120, 'One'));
    await run(there, 'there-1', titles(60, 180, 'Two'));
    const copy = await snapshot();

    const g = await run(here, 'here-2', [...titles(0, 100, 'One'), ...titles(100, 110, 'Three'), titled('new', 'New')]);
    await here.sweep('here-2', g);
    await run(there, 'there-2', [...titles(60, 180, 'Four'), titled('new', 'Known')]);
    await run(here, 'here-3', [...titles(0, 115, 'Five'), titled('new', 'New')]);
    const before = await truth();

    await fixture.stopServices();
    await restore(copy);
    await fixture.startMapping();
    await caughtUp();
    expect(await truth()).toEqual(before);
    expect(await storedFaults(fixture)).toEqual([]);
  });

  it('goes on as if nothing had been', async () => {
    const g = await run(here, 'here-4', [...titles(0, 114, 'Five'), titled('new', 'New')]);
    expect(await here.report('here-4', 'mapped')).toMatchObject({ counts: { unchanged: 115 }, staged: 1 });
    await here.sweep('here-4', g);
    expect(await here.report('here-4', 'swept')).toMatchObject({ deactivated: 1, stale: 0 });
    expect(await storedFaults(fixture)).toEqual([]);
  });
});
