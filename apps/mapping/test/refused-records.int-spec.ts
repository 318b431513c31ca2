import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mappings, previewLines } from '@rollcall/collections';
import type { MappingDefinition, Pinned, RawUser } from '@rollcall/contracts';
import { buildUser, type RawRecordsDriver } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(60_000);

describe('records whose values are not written', () => {
  let fixture: MappingFixture;
  let partition = 0;
  let runs = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const integration = (id: string): Promise<RawRecordsDriver> =>
    fixture.integration(id, { partition: (partition += 1) });
  const accountOf = async (id: string) => (await fixture.accounts()).find((account) => account._id === id)!;
  const personOf = async (id: string) => {
    const { person } = await accountOf(id);
    return (await fixture.people()).find(({ _id }) => _id === person)!;
  };
  async function run(driver: RawRecordsDriver, users: RawUser[], pinned: Partial<Pinned> = {}) {
    const name = `${driver.integration}-${(runs += 1)}`;
    const generation = await driver.read(name, users, pinned);
    return { name, generation, report: await driver.report(name, 'mapped') };
  }
  const nobody = (id: string, raw: Record<string, unknown> = {}) =>
    buildUser(id, { status: 'inactive', raw: { email: null, name: `User ${id}`, ...raw } });

  it('let a leaver whose mail was taken away be staged, swept, and come back with a mail', async () => {
    const driver = await integration('offboarded');
    await run(driver, [buildUser('ada'), buildUser('bea'), buildUser('cem')]);
    const leavers = [nobody('ada'), nobody('bea', { email: '\u200b' }), buildUser('cem')];
    const { name, generation, report } = await run(driver, leavers);
    expect(report).toMatchObject({
      staged: 2,
      counts: { read: 3, rejected: 2, updated: 0, unchanged: 1 },
      problems: [{ code: 'required-value-missing', count: 2 }],
    });
    expect(await accountOf('offboarded:ada')).toMatchObject({
      active: true,
      sourceStatus: 'inactive',
      values: { email: 'ada@example.com' },
    });
    await driver.sweep(name, generation);
    expect(await driver.report(name, 'swept')).toMatchObject({ deactivated: 2, peopleDeactivated: 2 });
    expect(await personOf('offboarded:bea')).toMatchObject({ active: false, values: { email: 'bea@example.com' } });
    const back = await run(driver, [buildUser('ada'), nobody('bea'), buildUser('cem')]);
    expect(back.report).toMatchObject({ staged: 0, counts: { reactivated: 1 } });
    expect(await personOf('offboarded:ada')).toMatchObject({ active: true });
  });

  it('write nothing in the next run, in which nothing changed, and are named all the same', async () => {
    const driver = await integration('again');
    await run(driver, [buildUser('dan'), buildUser('eva')]);
    const users = [nobody('dan'), buildUser('eva', { raw: { email: 'x'.repeat(300), name: 'Eva' } })];
    await run(driver, users);
    const before = [await fixture.accounts(), await fixture.people()];
    const { report } = await run(driver, users);
    expect(report).toMatchObject({ staged: 1, counts: { rejected: 2 } });
    expect([await fixture.accounts(), await fixture.people()]).toEqual(before);
  });

  it('are no reason to keep a leaver, where the rule of the mapping passes the leaver over', async () => {
    const driver = await integration('ruled');
    await run(driver, [buildUser('fay'), buildUser('gil')]);
    const [first] = await fixture.environment.databases.collection(mappings).find({ integration: 'ruled' }).toArray();
    const definition: MappingDefinition = {
      ...first!.definition,
      rules: { onlyIf: { name: 'not suspended', expression: '$exists(suspended) = false' }, restoreArchived: true },
    };
    await fixture.environment.databases
      .collection(mappings)
      .insertOne({ ...first!, _id: 'ruled/2', version: 2, definition });
    const suspended = buildUser('fay', {
      status: 'inactive',
      raw: { email: 'fay@example.com', name: 'Other', suspended: true },
    });
    const { report } = await run(driver, [suspended, buildUser('gil')], { mappingVersion: 2 });
    expect(report).toMatchObject({
      staged: 1,
      counts: { skipped: 1, rejected: 0 },
      passedOver: { count: 1 },
      problems: [],
    });
    expect(await accountOf('ruled:fay')).toMatchObject({
      sourceStatus: 'inactive',
      values: { display_name: 'User fay' },
    });
  });

  it('count in a preview, which writes no record, and in a run for one user, which stages nobody', async () => {
    const driver = await integration('seen');
    await run(driver, [buildUser('hal'), buildUser('ivy')]);
    const stored = await fixture.accounts();
    const preview = await run(driver, [nobody('hal'), buildUser('ivy')], { scope: 'preview' });
    expect(preview.report).toMatchObject({ staged: 1, counts: { rejected: 1 } });
    expect(await fixture.accounts()).toEqual(stored);
    const line = await fixture.environment.databases.collection(previewLines).findOne({ record: 'seen:hal' });
    expect(line).toMatchObject({ action: 'deactivate', staged: 'inactive', rule: { code: 'inactive' } });
    const single = await run(driver, [nobody('hal')], { scope: 'none' });
    expect(single.report).toMatchObject({ staged: 0, counts: { rejected: 1 } });
    expect(await accountOf('seen:hal')).toMatchObject({ active: true, sourceStatus: 'inactive' });
    expect((await run(driver, [nobody('hal'), buildUser('ivy')])).report).toMatchObject({ staged: 1 });
  });

  it('bring nobody back as somebody else, and take nothing over from them', async () => {
    const driver = await integration('reused');
    await run(driver, [buildUser('jon', { status: 'inactive' }), buildUser('kim')]);
    const stranger = buildUser('jon', { username: 'other', administrator: true, raw: { email: '', name: 'Other' } });
    const { report } = await run(driver, [stranger, buildUser('kim')]);
    expect(report.problems.map(({ code }) => code).sort()).toEqual(['identity-conflict', 'required-value-missing']);
    expect(await accountOf('reused:jon')).toMatchObject({
      active: false,
      sourceStatus: 'inactive',
      administrator: false,
      username: 'jon@example.com',
    });
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
