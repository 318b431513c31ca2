import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accounts, positions } from '@rollcall/collections';
import {
  deadLettersTopic,
  pageAskedHeader,
  rawRecordsTopic,
  type RunReport,
  runReportsTopic,
} from '@rollcall/contracts';
import { buildPinned, buildRun, buildUser, type RawRecordsDriver, readTopic, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const users = (...ids: string[]) => ids.map((id) => buildUser(id));

jest.setTimeout(60_000);

describe('poison messages and fenced generations', () => {
  let fixture: MappingFixture;
  let partition = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const integration = (id: string): Promise<RawRecordsDriver> =>
    fixture.integration(id, { partition: (partition += 1) });
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id);
  const lettersOf = async (key: string) =>
    (await readTopic(fixture.environment.kafka, deadLettersTopic)).filter((letter) => letter.key === key);
  /** Resolves when everything sent to the driver's partition so far is applied. */
  const settled = async (driver: RawRecordsDriver) => {
    const sent = (await readTopic(fixture.environment.kafka, rawRecordsTopic)).filter(
      (message) => message.partition === driver.partition,
    );
    await waitFor('the partition to be worked off', async () => {
      const position = await fixture.environment.databases.collection(positions).findOne({ _id: driver.partition });
      return position?.offset === sent.at(-1)?.offset;
    });
  };
  const poisons: [string, (g: number) => [string | Buffer, Record<string, string>?]][] = [
    ['bad JSON', () => ['{"k":"records"']],
    ['invalid UTF-8', () => [Buffer.from([0xff, 0xfe, 0x00])]],
    ['a wrong shape', (g) => [JSON.stringify({ k: 'records', i: 'x', g, r: 'x', u: [{ id: 5 }] }), { t: '1' }]],
    ['a missing id', (g) => [JSON.stringify({ k: 'records', i: 'x', g, r: 'x', u: [buildUser('')] }), { t: '1' }]],
    ['an unknown kind', (g) => [JSON.stringify({ k: 'listing', i: 'x', g, r: 'x' })]],
    ['an empty value', () => ['']],
    ['no page time', (g) => [JSON.stringify({ k: 'records', i: 'x', g, r: 'x', u: users('late') })]],
    ['the key of another integration', (g) => [JSON.stringify({ k: 'abort', i: 'x', g, r: 'x', reason: 'test' })]],
    ['prototype keys', (g) => [`{"__proto__":{"k":"records"},"i":"x","g":${g},"r":"x","u":[]}`, { t: '1' }]],
  ];

  it.each(poisons)('parks %s, fails that run, and harms nobody (P5, B6)', async (name, make) => {
    const id = `poison-${name.replaceAll(/\W/g, '-')}`;
    const driver = await integration(id);
    await driver.read(`${id}-1`, users(`${id}-a`, `${id}-b`));
    await driver.report(`${id}-1`, 'mapped');
    const g = driver.nextGeneration();
    const base = { i: id, g, r: `${id}-2` };
    await driver.send([{ ...base, k: 'start', pinned: buildPinned() }]);
    const [value, headers] = make(g);
    await driver.sendRaw(value, headers);
    await driver.send([
      { ...base, k: 'records', u: users(`${id}-a`) },
      { ...base, k: 'end', count: 1 },
    ]);
    expect(await driver.report(`${id}-2`, 'mapped')).toMatchObject({
      result: 'incomplete',
      reason: { code: 'message-lost' },
      staged: 0,
      planHash: null,
    });
    const letters = await lettersOf(id);
    expect(letters).toHaveLength(1);
    expect(letters[0]!.headers).toMatchObject({
      topic: rawRecordsTopic.name,
      partition: String(driver.partition),
      group: 'mapping.raw-records',
      code: 'undecodable',
      reason: expect.stringMatching(/\w+/),
      offset: expect.stringMatching(/^\d+$/),
    });
    expect(await accountOf(`${id}:${id}-b`)).toMatchObject({ active: true, revision: 1 });

    // The next run of the same integration is fine again.
    await driver.read(`${id}-3`, users(`${id}-a`));
    expect(await driver.report(`${id}-3`, 'mapped')).toMatchObject({ result: 'complete', staged: 1 });
  });

  it('parks records of a generation whose START was never seen, and fails its END (B6, B18)', async () => {
    const driver = await integration('future');
    await driver.read('future-1', users('future-a', 'future-b'));
    await driver.report('future-1', 'mapped');
    const base = { i: 'future', g: driver.nextGeneration(), r: 'future-2' };
    await driver.runs.put(buildRun({ _id: base.r, integration: base.i, generation: base.g }));
    await driver.send([
      { ...base, k: 'records', u: users('future-a') },
      { ...base, k: 'end', count: 1 },
    ]);
    expect(await driver.report('future-2', 'mapped')).toMatchObject({
      result: 'incomplete',
      reason: { code: 'start-missing' },
    });
    expect((await lettersOf('future')).map(({ headers }) => headers['code'])).toEqual(['start-missing']);
  });

  it('calls a read incomplete that lost users on the way (B18)', async () => {
    const driver = await integration('short');
    const base = { i: 'short', g: driver.nextGeneration(), r: 'short-1' };
    await driver.send([
      { ...base, k: 'start', pinned: buildPinned() },
      { ...base, k: 'records', u: users('short-a') },
      { ...base, k: 'end', count: 2 },
    ]);
    expect(await driver.report('short-1', 'mapped')).toMatchObject({
      result: 'incomplete',
      reason: { code: 'count-mismatch' },
    });
  });

  it('drops records, END and SWEEP of a generation after a newer START (B5, I14)', async () => {
    const driver = await integration('fenced');
    await driver.read('fenced-1', users('fenced-a', 'fenced-b'));
    await driver.report('fenced-1', 'mapped');
    const staged = await driver.read('fenced-2', users('fenced-a'));
    await driver.report('fenced-2', 'mapped');
    await driver.runs.pass('fenced-2');
    const before = await fixture.accounts();
    const old = { i: 'fenced', g: driver.nextGeneration(), r: 'fenced-3' };
    const now = { i: 'fenced', g: driver.nextGeneration(), r: 'fenced-4' };
    const renamed = buildUser('fenced-a', { raw: { email: 'fenced-a@example.com', name: 'Of an old generation' } });
    await driver.send([
      { ...old, k: 'start', pinned: buildPinned() },
      { ...now, k: 'start', pinned: buildPinned() },
      { ...old, k: 'start', pinned: buildPinned() },
      { ...old, k: 'records', u: [renamed, buildUser('fenced-new')] },
      { ...old, k: 'end', count: 2 },
      { ...old, k: 'abort', reason: 'test' },
      { i: 'fenced', g: staged, r: 'fenced-2', k: 'sweep' },
    ]);
    await settled(driver);
    expect(await fixture.accounts()).toEqual(before);
    await driver.send([
      { ...now, k: 'records', u: users('fenced-a', 'fenced-b') },
      { ...now, k: 'end', count: 2 },
    ]);
    expect(await driver.report('fenced-4', 'mapped')).toMatchObject({ result: 'complete', counts: { unchanged: 2 } });
    const reports = (await readTopic(fixture.environment.kafka, runReportsTopic)).map(
      ({ value }) => JSON.parse(value) as RunReport,
    );
    expect(reports.filter(({ run }) => run === 'fenced-3')).toEqual([]);
    expect(reports.filter(({ kind, run }) => run === 'fenced-2' && kind === 'swept')).toEqual([]);
    expect(await lettersOf('fenced')).toEqual([]);
  });

  it('takes no records after END or ABORT of their generation (B5)', async () => {
    const driver = await integration('closed');
    const g = await driver.read('closed-1', users('closed-a'));
    await driver.report('closed-1', 'mapped');
    await driver.send([{ i: 'closed', g, r: 'closed-1', k: 'records', u: users('closed-late') }]);
    const base = { i: 'closed', g: driver.nextGeneration(), r: 'closed-2' };
    await driver.send([
      { ...base, k: 'start', pinned: buildPinned() },
      { ...base, k: 'abort', reason: 'test' },
      { ...base, k: 'records', u: users('closed-later') },
      { ...base, k: 'end', count: 1 },
    ]);
    await settled(driver);
    expect((await fixture.accounts()).filter(({ _id }) => _id.startsWith('closed:'))).toHaveLength(1);
  });

  it('sees a record older than what a workflow found, says so, and does not apply it (B10)', async () => {
    const driver = await integration('older');
    await driver.read('older-1', users('older-a'));
    await driver.report('older-1', 'mapped');
    await fixture.environment.databases
      .collection(accounts)
      .updateOne({ _id: 'older:older-a' }, { $set: { observedAt: Date.now(), observedBy: 'command', hash: null } });
    const g = driver.nextGeneration();
    const base = { i: 'older', g, r: 'older-2' };
    const renamed = buildUser('older-a', { raw: { email: 'older-a@example.com', name: 'Asked long ago' } });
    await driver.send([{ ...base, k: 'start', pinned: buildPinned() }]);
    await driver.sendRaw(JSON.stringify({ ...base, k: 'records', u: [renamed] }), {
      [pageAskedHeader]: String(Date.now() - 60_000),
    });
    await driver.send([{ ...base, k: 'end', count: 1 }]);
    expect(await driver.report('older-2', 'mapped')).toMatchObject({
      result: 'complete',
      staged: 0,
      counts: { read: 1, updated: 0, unchanged: 0, outdated: 1 },
      problems: [{ code: 'record-outdated', count: 1, samples: ['older-a'] }],
    });
    expect(await accountOf('older:older-a')).toMatchObject({ revision: 1, values: { display_name: 'User older-a' } });
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
