import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { collectionsOf, positions, recordEpochs } from '@rollcall/collections';
import { peopleTopic, rawRecordsTopic, resyncRecords, saasUsersTopic } from '@rollcall/contracts';
import { ensureTopics, partitionBounds } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, RecordFollower, waitFor } from '@rollcall/testing';
import type { Document } from 'mongodb';

import { publishedAccount, publishedPerson } from '../src/changes/record-change.js';
import { MappingFixture } from './mapping-fixture.js';
import { storedFaults } from './record-ledger.js';

jest.setTimeout(120_000);

const users = (from: number, to: number, title: string) =>
  Array.from({ length: to - from }, (_, index) => {
    const id = `u${from + index}`;
    const email = `${id}@example.com`;
    return buildUser(id, { raw: { email, name: id, title } });
  });

describe('a consumer of records that follows the documentation', () => {
  let fixture: MappingFixture;
  let here: RawRecordsDriver;
  let there: RawRecordsDriver;
  let follower: RecordFollower;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    here = await fixture.integration('here', { priority: 1, partition: 1 });
    there = await fixture.integration('there', { priority: 2, partition: 2 });
    follower = new RecordFollower(fixture.environment.kafka);
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const run = async (driver: RawRecordsDriver, name: string, seen: Parameters<RawRecordsDriver['read']>[1]) => {
    const g = await driver.read(name, seen);
    expect(await driver.report(name, 'mapped')).toMatchObject({ result: 'complete' });
    return g;
  };
  const stored = () => fixture.environment.databases.collection(recordEpochs).findOne({ _id: 'records' });
  const epochAfter = (before: string | undefined) =>
    waitFor(
      'all records to be said in another epoch',
      async () => {
        const present = await stored();
        return present && present.epoch !== before && present.resync === null ? present.epoch : false;
      },
      60_000,
    );
  /** The look for restores must have seen what was published. */
  const marked = () =>
    waitFor('a mark of what was published', async () => {
      const { kafka } = fixture.environment;
      const lengths = await Promise.all([peopleTopic, saasUsersTopic].map((topic) => partitionBounds(kafka, topic)));
      const length = lengths.flatMap((bounds) => [...bounds.values()]).reduce((sum, { high }) => sum + high, 0);
      return (await stored())?.published === length;
    });

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

  /** What is stored, as it is published. */
  async function truth() {
    const [accounts, people] = [await fixture.accounts(), await fixture.people()];
    const plain = (records: readonly { id: string }[]) =>
      new Map(records.map((record) => [record.id, JSON.parse(JSON.stringify(record)) as object]));
    return { accounts: plain(accounts.map(publishedAccount)), people: plain(people.map(publishedPerson)) };
  }

  async function expectFollowed(): Promise<void> {
    await follower.follow();
    const { accounts, people } = await truth();
    expect(follower.recordsOf(saasUsersTopic)).toEqual(accounts);
    expect(follower.recordsOf(peopleTopic)).toEqual(people);
    expect(follower.faults).toEqual([]);
    expect(await storedFaults(fixture)).toEqual([]);
  }

  it('holds what is stored, in an epoch, before anything is restored', async () => {
    await run(here, 'here-1', users(0, 60, 'One'));
    await run(there, 'there-1', users(30, 90, 'Two'));
    await expectFollowed();
    expect(await stored()).toMatchObject({ resync: null });
  });

  it('ends up with exactly what is stored after the database alone was restored', async () => {
    await marked();
    const copy = await snapshot();
    const before = await stored();

    const g = await run(here, 'here-2', [...users(0, 50, 'One'), ...users(50, 60, 'Three'), ...users(200, 210, 'New')]);
    await here.sweep('here-2', g);
    const left = await run(here, 'here-3', [...users(0, 45, 'Four'), ...users(200, 210, 'New')]);
    await here.sweep('here-3', left);
    await run(there, 'there-2', users(30, 95, 'Five'));
    await expectFollowed();
    const known = await truth();
    await marked();

    await fixture.stopServices();
    await restore(copy);
    await fixture.startMapping();
    const epoch = await epochAfter(before?.epoch);
    await expectFollowed();
    expect(follower.hasHeardEndOf(epoch)).toBe(true);
    // Nobody became somebody else by it.
    expect([...(await truth()).people.keys()].sort()).toEqual([...known.people.keys()].sort());
  });

  it('forgets who came by messages that the topic lost before they could be applied again', async () => {
    await marked();
    const copy = await snapshot();
    const before = await stored();
    await run(here, 'here-4', [...users(0, 45, 'Four'), ...users(200, 210, 'New'), ...users(300, 305, 'Ghost')]);
    await expectFollowed();
    const ghosts = [...(await truth()).accounts.keys()].filter((id) => /^here:u30\d$/.test(id));
    expect(ghosts).toHaveLength(5);
    // What is restored within five seconds of the last event can go unnoticed (ADR 0021).
    await marked();

    await fixture.stopServices();
    await restore(copy);
    const { kafka } = fixture.environment;
    const topic = kafka.nameOf(rawRecordsTopic.name);
    await kafka.withAdmin(async (admin) => {
      const ends = await admin.fetchTopicOffsets(topic);
      const offset = ends.find(({ partition }) => partition === 1)!.high;
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset }] });
    });
    await fixture.startMapping();
    await epochAfter(before?.epoch);
    // The position lies before what the topic holds, and what is missing is in doubt; here nothing is left to read.
    expect((await truth()).accounts.has(ghosts[0]!)).toBe(false);
    await follower.follow();
    expect(follower.recordsOf(saasUsersTopic)).toEqual((await truth()).accounts);
    expect(follower.recordsOf(peopleTopic)).toEqual((await truth()).people);
    expect(follower.faults).toEqual([]);
  });

  it('is told all again when the topics of records were lost while mapping runs', async () => {
    const before = await stored();
    const { kafka } = fixture.environment;
    const lost = [peopleTopic, saasUsersTopic];
    const names = lost.map(({ name }) => kafka.nameOf(name));
    await kafka.withAdmin((admin) => admin.deleteTopics({ topics: names }));
    await waitFor('the topics to be gone', () =>
      kafka.withAdmin(async (admin) => {
        const left = await admin.listTopics();
        return names.every((name) => !left.includes(name));
      }),
    );
    await ensureTopics(kafka, lost, 1);
    await epochAfter(before?.epoch);
    follower = new RecordFollower(kafka);
    await follower.follow();
    expect(follower.recordsOf(saasUsersTopic)).toEqual((await truth()).accounts);
    expect(follower.recordsOf(peopleTopic)).toEqual((await truth()).people);
  });

  it('is told all again when a person says that something was restored', async () => {
    const before = await stored();
    const gateway = await fixture.sender('gateway');
    const { outcome } = await gateway.send(resyncRecords, {
      aggregate: 'records',
      actor: 'operator',
      correlationId: 'test',
      idempotencyKey: 'resync',
      input: {},
    });
    const epoch = await epochAfter(before?.epoch);
    expect(outcome).toMatchObject({ status: 'done', result: { epoch } });
    await follower.follow();
    expect(follower.hasHeardEndOf(epoch)).toBe(true);
    expect(follower.faults).toEqual([]);
    const moved = await fixture.environment.databases.collection(positions).find().toArray();
    expect(moved.every(({ records }) => records === epoch)).toBe(true);
  });

  it('is told all again when the database was lost and the topics were not', async () => {
    await marked();
    const before = await stored();
    await fixture.stopServices();
    const kept = new Set(['schema', 'mappings', 'settings', 'fields']);
    for (const collection of collectionsOf('mapping')) {
      if (!kept.has(collection.name)) await fixture.environment.databases.collection(collection).deleteMany({});
    }
    await fixture.startMapping();
    await epochAfter(before?.epoch);
    await expectFollowed();
  });
});
