import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changes, positions } from '@rollcall/collections';
import { peopleTopic, rawRecordsTopic, saasUsersTopic } from '@rollcall/contracts';
import { buildPinned, buildUser, type RawRecordsDriver, readTopic, waitFor } from '@rollcall/testing';

import { digestOf } from '../src/slices/slice.js';
import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const count = 130;

jest.setTimeout(60_000);

describe('replay after a crash between commit and publication (B4, C3)', () => {
  let fixture: MappingFixture;
  let driver: RawRecordsDriver;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    driver = await fixture.integration('acme');
    await fixture.startMapping();
    await driver.read('load', users('Before'));
    await driver.report('load', 'mapped');
    await driver.read('change', [...users('Before').slice(0, 100), ...users('After').slice(100, 120)]);
    await driver.report('change', 'mapped');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  function users(title: string) {
    return Array.from({ length: count }, (_, index) => {
      const email = `u${index}@example.com`;
      return buildUser(`u${index}`, { raw: { email, name: `User ${index}`, title } });
    });
  }

  const said = async () => [
    ...(await readTopic(fixture.environment.kafka, peopleTopic)),
    ...(await readTopic(fixture.environment.kafka, saasUsersTopic)),
  ];
  const state = async () => ({
    accounts: await fixture.accounts(),
    people: await fixture.people(),
    changes: await fixture.environment.databases.collection(changes).find().sort({ _id: 1 }).toArray(),
  });

  async function forgetOffsets(): Promise<void> {
    const { kafka } = fixture.environment;
    await kafka.withAdmin((admin) => admin.deleteGroups([kafka.groupOf('mapping.raw-records')]));
  }

  /** The service ends with everything committed and nothing known to be published. */
  async function forgetPublications(): Promise<void> {
    await fixture.stopServices();
    const [first] = await readTopic(fixture.environment.kafka, rawRecordsTopic);
    const value = Buffer.from(first!.value);
    const digest = digestOf({ ...first!, value });
    await fixture.environment.databases
      .collection(positions)
      .updateOne({ _id: driver.partition }, { $set: { from: { offset: first!.offset, digest } } });
    await forgetOffsets();
  }

  it('says everything again under the same ids with the same bytes, and applies nothing twice', async () => {
    const before = await state();
    const first = await said();
    expect(new Set(first.map(({ value }) => value)).size).toBe(first.length);
    await forgetPublications();
    await fixture.startMapping();
    await waitFor('everything to be said again', async () => (await said()).length >= 2 * first.length);
    const second = await said();
    expect(second).toHaveLength(2 * first.length);
    expect(new Set(second.map(({ value }) => value))).toEqual(new Set(first.map(({ value }) => value)));
    expect(await state()).toEqual(before);
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  it('reads on from the position when the group has lost its offsets (B2)', async () => {
    const before = await state();
    await fixture.stopServices();
    await forgetOffsets();
    await fixture.startMapping();
    const unchanged = [...users('Before').slice(0, 100), ...users('After').slice(100, 120)];
    await driver.read('after', unchanged);
    expect(await driver.report('after', 'mapped')).toMatchObject({
      result: 'complete',
      counts: { read: 120, unchanged: 120 },
    });
    expect(await state()).toEqual(before);
  });

  it('says a sweep and its report again, and goes on with what was sent meanwhile', async () => {
    const g = await driver.read('leave', users('After').slice(0, 110));
    await driver.report('leave', 'mapped');
    await driver.sweep('leave', g);
    const before = await state();
    await forgetPublications();
    await driver.read('back', users('After'));
    await fixture.startMapping();
    expect(await driver.report('back', 'mapped')).toMatchObject({ counts: { reactivated: 20 } });
    const after = await state();
    expect(after.changes.slice(0, 5)).toEqual(before.changes.slice(0, 5));
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  it('says an undo of values and creations and its report again', async () => {
    const wrong = [...users('Wrong').slice(0, 60), ...users('After').slice(60), buildUser('new-1'), buildUser('new-2')];
    await driver.read('wrong', wrong);
    await driver.report('wrong', 'mapped');
    await driver.undo('wrong');
    expect(await driver.report('wrong', 'undone')).toMatchObject({ restored: 60, takenBack: 2, conflicts: 0 });
    const before = await state();
    const first = await said();
    await forgetPublications();
    await fixture.startMapping();
    const distinct = new Set(first.map(({ value }) => value));
    await waitFor('everything to be said again', async () => (await said()).length >= first.length + distinct.size);
    expect(new Set((await said()).map(({ value }) => value))).toEqual(distinct);
    expect(await state()).toEqual(before);
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  it('taints what is open when messages were deleted before they were read (B3)', async () => {
    const position = () => fixture.environment.databases.collection(positions).findOne({ _id: driver.partition });
    const g = await driver.read('open', users('After'));
    await driver.report('open', 'mapped');
    const base = { i: 'acme', g: g + 1, r: 'torn' };
    const { offset } = (await position())!;
    await driver.send([{ ...base, k: 'start', pinned: buildPinned() }]);
    await waitFor('START to be applied', async () => ((await position())?.offset ?? 0) > offset);
    await fixture.stopServices();
    await driver.send([
      { ...base, k: 'records', u: users('After').slice(0, 50) },
      { ...base, k: 'records', u: users('After').slice(50, 60) },
      { ...base, k: 'end', count: 10 },
    ]);
    const { kafka } = fixture.environment;
    const end = (await readTopic(kafka, rawRecordsTopic)).at(-1)!.offset;
    const topic = kafka.nameOf(rawRecordsTopic.name);
    await kafka.withAdmin(async (admin) => {
      await admin.fetchTopicMetadata({ topics: [topic] });
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: driver.partition, offset: String(end - 1) }] });
    });
    await fixture.startMapping();
    expect(await driver.report('torn', 'mapped')).toMatchObject({
      result: 'incomplete',
      reason: { code: 'log-begins-later' },
    });
  });
});
