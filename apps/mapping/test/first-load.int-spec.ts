import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildUser, type RawRecordsDriver } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';

jest.setTimeout(60_000);

describe('a run through mapping', () => {
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

  const users = (count: number) => Array.from({ length: count }, (_, index) => buildUser(`u${index}`));

  it('creates an account and a person for each user of the first load, with one event each', async () => {
    await driver.read('run-1', users(2500), { initial: true });
    const report = await driver.report('run-1', 'mapped');
    expect(report).toMatchObject({ result: 'complete', counts: { read: 2500, created: 2500, rejected: 0 }, staged: 0 });
    const [accounts, people] = [await fixture.accounts(), await fixture.people()];
    expect(accounts).toHaveLength(2500);
    expect(people).toHaveLength(2500);
    expect(new Set(accounts.map((account) => account.person)).size).toBe(2500);
    expect(people.every((person) => person.active && person.revision === 1)).toBe(true);
    const events = [...(await fixture.events('people')), ...(await fixture.events('saas-users'))];
    expect(new Set(events.map((event) => event.id)).size).toBe(5000);
    expect(events).toHaveLength(5000);
  });

  it('writes nothing for users that did not change', async () => {
    await driver.read('run-2', users(2500));
    const report = await driver.report('run-2', 'mapped');
    expect(report.counts).toMatchObject({ read: 2500, created: 0, updated: 0, unchanged: 2500 });
    expect(await fixture.events('people')).toHaveLength(2500);
  });

  it('stages the missing, deactivates them only after SWEEP, and reactivates who comes back', async () => {
    const generation = await driver.read('run-3', users(2495));
    const report = await driver.report('run-3', 'mapped');
    expect(report).toMatchObject({ result: 'complete', staged: 5, activeAtStart: 2500 });
    expect((await fixture.accounts()).filter((account) => !account.active)).toHaveLength(0);
    await driver.sweep('run-3', generation, ['acme:u2499']);
    const swept = await driver.report('run-3', 'swept');
    expect(swept).toMatchObject({ deactivated: 4, stale: 1, peopleDeactivated: 4 });
    const gone = (await fixture.accounts()).filter((account) => !account.active);
    expect(gone.map((account) => account.vendorId)).toEqual(['u2495', 'u2496', 'u2497', 'u2498']);
    expect(gone.every((account) => account.deactivated?.run === 'run-3' && account.hash === null)).toBe(true);

    await driver.read('run-4', users(2500));
    expect(await driver.report('run-4', 'mapped')).toMatchObject({ counts: { reactivated: 4, unchanged: 2496 } });
    expect((await fixture.people()).every((person) => person.active)).toBe(true);
    const types = (await fixture.events('people')).map((event) => event.type);
    expect(types.filter((type) => type === 'person.deactivated')).toHaveLength(4);
    expect(types.filter((type) => type === 'person.reactivated')).toHaveLength(4);
  });
});
