import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const count = 3000;

jest.setTimeout(60_000);

describe('two integrations over the same people at once, on two replicas', () => {
  let fixture: MappingFixture;
  let first: RawRecordsDriver;
  let second: RawRecordsDriver;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    first = await fixture.integration('first', { priority: 1, partition: 3 });
    second = await fixture.integration('second', { priority: 2, partition: 4 });
    await fixture.startMapping();
    await fixture.startMapping();
    const { kafka } = fixture.environment;
    await waitFor('both replicas to share the partitions', () =>
      kafka.withAdmin(async (admin) => {
        const { groups } = await admin.describeGroups([kafka.groupOf('mapping.raw-records')]);
        return groups[0]!.state === 'Stable' && groups[0]!.members.length === 2;
      }),
    );
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const users = (title: string) =>
    Array.from({ length: count }, (_, index) => {
      const email = `p${index}@example.com`;
      return buildUser(String(index), { raw: { email, name: `Person ${index}`, title: `${title} ${index}` } });
    });
  const both = async (name: string, titles: [string, string]) => {
    const reads = [first, second].map(async (driver, index) => {
      const run = `${name}-${driver.integration}`;
      await driver.read(run, users(titles[index]!));
      return driver.report(run, 'mapped');
    });
    return Promise.all(reads);
  };

  it('makes one person per e-mail with both accounts, and loses no fold (B13, B14)', async () => {
    const reports = await both('load', ['A', 'B']);
    for (const report of reports) {
      expect(report).toMatchObject({ result: 'complete', counts: { created: count, rejected: 0 }, problems: [] });
    }
    const people = await fixture.people();
    expect(people).toHaveLength(count);
    // Each person was folded once by each integration, whichever came first.
    expect(people.every(({ fold }) => fold === 2)).toBe(true);
    expect(people.every(({ values, keys }) => values['job_title'] === `A ${keys![0]!.match(/p(\d+)@/)![1]!}`)).toBe(
      true,
    );
    const linked = new Map<string, number>();
    for (const { person } of await fixture.accounts()) linked.set(person!, (linked.get(person!) ?? 0) + 1);
    expect([...linked.values()].every((accounts) => accounts === 2)).toBe(true);
  });

  it('updates them at once: every change of the first is there, none of the second shows', async () => {
    const reports = await both('update', ['C', 'D']);
    for (const report of reports) expect(report).toMatchObject({ result: 'complete', counts: { updated: count } });
    const people = await fixture.people();
    expect(people.every(({ fold, values }) => fold === 4 && String(values['job_title']).startsWith('C '))).toBe(true);
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
