import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changes } from '@rollcall/collections';
import type { Pinned } from '@rollcall/contracts';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const titled = (id: string, email: string, title: string | null, status: 'active' | 'inactive' = 'active') =>
  buildUser(id, { status, username: email, raw: { email, name: `User ${email}`, title } });

jest.setTimeout(60_000);

describe('several integrations, contents and preferences', () => {
  let fixture: MappingFixture;
  let first: RawRecordsDriver;
  let second: RawRecordsDriver;
  let truth: RawRecordsDriver;
  let runs = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    first = await fixture.integration('first', { priority: 1, partition: 1 });
    second = await fixture.integration('second', { priority: 2, partition: 2 });
    truth = await fixture.integration('truth', { priority: 3, authoritative: true, partition: 3 });
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function run(
    driver: RawRecordsDriver,
    users: Parameters<RawRecordsDriver['read']>[1],
    pinned?: Partial<Pinned>,
  ) {
    const name = `${driver.integration}-${(runs += 1)}`;
    const generation = await driver.read(name, users, pinned);
    return { name, generation, report: await driver.report(name, 'mapped') };
  }
  const personBy = async (email: string) =>
    (await fixture.people()).filter(({ keys }) => keys?.includes(`email:${email}`));

  it('makes one person of two accounts with one e-mail; the priority decides their values (D2, D5)', async () => {
    await run(second, [titled('2', 'Ada@example.com', 'Second title')]);
    expect(await personBy('ada@example.com')).toMatchObject([{ values: { job_title: 'Second title' } }]);
    await run(first, [titled('1', 'ada@example.com', 'First title')]);
    const people = await personBy('ada@example.com');
    expect(people).toMatchObject([
      {
        revision: 2,
        values: { job_title: 'First title', email: 'ada@example.com' },
        provenance: { job_title: 'first:1' },
      },
    ]);
    const linked = (await fixture.accounts()).filter(({ person }) => person === people[0]!._id);
    expect(linked.map(({ _id }) => _id)).toEqual(['first:1', 'second:2']);
    // What the first leaves empty comes from the next.
    await run(first, [titled('1', 'ada@example.com', null)]);
    expect(await personBy('ada@example.com')).toMatchObject([
      { values: { job_title: 'Second title' }, provenance: { job_title: 'second:2', email: 'first:1' } },
    ]);
  });

  it('keeps an account with its person though its e-mail becomes that of another one (D5)', async () => {
    await run(first, [titled('1', 'ada@example.com', null), titled('eve', 'eve@example.com', null)]);
    const [ada] = await personBy('ada@example.com');
    await run(second, [titled('2', 'eve@example.com', 'Second title')]);
    const account = (await fixture.accounts()).find(({ _id }) => _id === 'second:2')!;
    expect(account.person).toBe(ada!._id);
    expect(await personBy('eve@example.com')).toHaveLength(1);
  });

  it('lets authoritative accounts decide whether a person is active (D3)', async () => {
    await run(first, [titled('bob', 'bob@example.com', null)]);
    await run(truth, [titled('b', 'bob@example.com', null, 'inactive')]);
    // Not by the run itself: by a people plan, which the guard lets pass.
    await waitFor('the people plan', async () => (await personBy('bob@example.com'))[0]?.active === false);
    expect(await personBy('bob@example.com')).toMatchObject([{ deactivated: { run: null, plan: expect.any(String) } }]);
    const accounts = (await fixture.accounts()).filter(({ values }) => values['email'] === 'bob@example.com');
    expect(accounts.map(({ _id, active }) => [_id, active])).toEqual([
      ['first:bob', true],
      ['truth:b', false],
    ]);
    await run(truth, [titled('b', 'bob@example.com', null)]);
    expect(await personBy('bob@example.com')).toMatchObject([{ active: true, deactivated: null }]);
  });

  it('writes changes but says nothing of accounts with content "user" (C5)', async () => {
    const driver = await fixture.integration('quiet', { partition: 4 });
    await run(driver, [titled('q', 'quiet@example.com', 'One')], { content: 'user' });
    await run(driver, [titled('q', 'quiet@example.com', 'Two')], { content: 'user' });
    const account = (await fixture.accounts()).find(({ _id }) => _id === 'quiet:q');
    expect(account).toMatchObject({ app: null, content: 'user', revision: 2 });
    const written = await fixture.environment.databases.collection(changes).find({ record: 'quiet:q' }).toArray();
    expect(written.map(({ revision, event }) => [revision, event])).toEqual([
      [1, null],
      [2, null],
    ]);
    expect((await fixture.events('saas-users')).filter(({ subject }) => subject === 'quiet:q')).toEqual([]);
    const [person] = await personBy('quiet@example.com');
    const said = (await fixture.events('people')).filter(({ subject }) => subject === person!._id);
    expect(said.map(({ type }) => type)).toEqual(['person.created', 'person.updated']);
  });

  it('gives a known person the account under Create only and leaves them byte for byte as they were (D6, R38)', async () => {
    const driver = await fixture.integration('creates', { priority: 0, partition: 5 });
    await run(first, [titled('known', 'known@example.com', 'As he was')]);
    const [before] = await personBy('known@example.com');
    const users = [titled('k', 'known@example.com', 'Other title'), titled('n', 'new@example.com', 'New title')];
    const { report } = await run(driver, users, { preference: 'create-only' });
    expect(report.counts).toMatchObject({ created: 2, skipped: 0 });
    // Nothing that is published: lists count the account.
    const counted = { ...before!, activeAccounts: 2, fold: before!.fold + 1 };
    expect(await personBy('known@example.com')).toEqual([counted]);
    const account = (await fixture.accounts()).find(({ _id }) => _id === 'creates:k');
    expect(account).toMatchObject({
      person: before!._id,
      passive: true,
      active: true,
      values: { job_title: 'Other title' },
    });
    expect(await personBy('new@example.com')).toMatchObject([{ active: true, values: { job_title: 'New title' } }]);

    // Existing records are never changed, and nobody is staged.
    const stored = await fixture.accounts();
    const again = await run(driver, [titled('k', 'known@example.com', 'Third title')], { preference: 'create-only' });
    expect(again.report).toMatchObject({ staged: 0, counts: { created: 0, updated: 0, unchanged: 1 } });
    expect(await fixture.accounts()).toEqual(stored);
    expect(await personBy('known@example.com')).toEqual([counted]);
  });

  it('updates known people under Update only and skips the others, who count as seen (D6, R39)', async () => {
    const driver = await fixture.integration('updates', { priority: 0, partition: 6 });
    const users = [titled('k', 'known@example.com', 'Updated'), titled('s', 'stranger@example.com', null)];
    const { report } = await run(driver, users, { preference: 'update-only' });
    expect(report).toMatchObject({ result: 'complete', counts: { read: 2, created: 1, skipped: 1 } });
    expect(await personBy('known@example.com')).toMatchObject([{ values: { job_title: 'Updated' } }]);
    expect(await personBy('stranger@example.com')).toEqual([]);
    expect((await fixture.accounts()).some(({ _id }) => _id === 'updates:s')).toBe(false);
  });

  it('creates who is first seen inactive as inactive, and never takes unknown for inactive (D6, V26)', async () => {
    const driver = await fixture.integration('states', { partition: 7 });
    const users = [
      titled('off', 'off@example.com', null, 'inactive'),
      buildUser('unsure', { status: 'unknown' }),
      titled('on', 'on@example.com', null),
    ];
    const { report } = await run(driver, users);
    expect(report).toMatchObject({ staged: 0, counts: { created: 3, unknownStatus: 1 } });
    const active = (await fixture.accounts()).filter(({ integration }) => integration === 'states');
    expect(active.map((account) => [account.vendorId, account.active])).toEqual([
      ['off', false],
      ['on', true],
      ['unsure', true],
    ]);
    expect(await personBy('off@example.com')).toMatchObject([{ active: false, revision: 1 }]);
    const unsure = users.map((user) => ({ ...user, status: 'unknown' as const }));
    expect((await run(driver, unsure)).report).toMatchObject({
      staged: 0,
      counts: { unknownStatus: 3, reactivated: 0 },
    });
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
