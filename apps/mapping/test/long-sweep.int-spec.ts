import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { positions } from '@rollcall/collections';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const leaving = 2500;

jest.setTimeout(60_000);

describe('a sweep of more lines than one transaction takes (B17)', () => {
  let fixture: MappingFixture;
  let driver: RawRecordsDriver;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    driver = await fixture.integration('acme');
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const everybody = Array.from({ length: leaving + 1 }, (_, index) => buildUser(`u${index}`));
  const position = () => fixture.environment.databases.collection(positions).findOne({ _id: driver.partition });

  /** Stops the service while the control message is between two of its transactions. */
  async function interrupt(): Promise<void> {
    await waitFor('the first lines to be applied', async () => typeof (await position())?.line === 'number', 40_000);
    await fixture.stopServices();
    expect((await position())?.line).toEqual(expect.any(Number));
  }

  it('goes on after the line that was stored, and says again what came before', async () => {
    await driver.read('load', everybody);
    await driver.report('load', 'mapped');
    const g = await driver.read('leave', everybody.slice(0, 1));
    expect(await driver.report('leave', 'mapped')).toMatchObject({ result: 'complete', staged: leaving });
    await driver.runs.pass('leave');
    await driver.send([{ k: 'sweep', i: 'acme', g, r: 'leave' }]);
    await interrupt();
    // Whatever became of the run meanwhile: a sweep that was begun is finished.
    await driver.runs.set('leave', { state: 'completed' });
    const swept = (await fixture.accounts()).filter(({ active }) => !active).length;
    expect(swept % 1000).toBe(0);
    expect(swept).toBeLessThan(leaving);

    await fixture.startMapping();
    expect(await driver.report('leave', 'swept')).toMatchObject({
      deactivated: leaving,
      stale: 0,
      peopleDeactivated: leaving,
    });
    const inactive = (await fixture.accounts()).filter(({ active }) => !active);
    expect(inactive).toHaveLength(leaving);
    expect(inactive.every(({ revision }) => revision === 2)).toBe(true);
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  it('takes the whole of it back with one UNDO, interrupted as well (E5)', async () => {
    await driver.undo('leave');
    await interrupt();
    await fixture.startMapping();
    expect(await driver.report('leave', 'undone')).toMatchObject({
      reactivated: leaving,
      restored: 0,
      skipped: 0,
      conflicts: 0,
    });
    expect((await fixture.accounts()).every(({ active, revision }) => active && revision <= 3)).toBe(true);
    expect((await fixture.people()).every(({ active }) => active)).toBe(true);
    expect(await ledgerFaults(fixture)).toEqual([]);
  });

  it('takes all accounts back that the first run made, since what came after it is undone, interrupted as well', async () => {
    await driver.undo('load');
    await interrupt();
    await fixture.startMapping();
    expect(await driver.report('load', 'undone')).toMatchObject({ takenBack: leaving + 1, conflicts: 0 });
    expect((await fixture.accounts()).every(({ retired, person }) => retired?.run === 'load' && person === null)).toBe(
      true,
    );
    const people = await fixture.people();
    expect(people.every(({ active, undone, keys }) => !active && undone?.run === 'load' && keys === undefined)).toBe(
      true,
    );
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
