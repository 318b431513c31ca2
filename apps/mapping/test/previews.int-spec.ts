import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type AccountDocument,
  changes,
  type PersonDocument,
  planLines,
  type PreviewLineDocument,
  previewLines,
} from '@rollcall/collections';
import type { RawUser } from '@rollcall/contracts';
import { buildUser, type RawRecordsDriver } from '@rollcall/testing';
import fc from 'fast-check';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(120_000);

const users = (...ids: string[]) => ids.map((id) => buildUser(id));
const named = (id: string, name: string) => buildUser(id, { raw: { email: `${id}@example.com`, name } });

describe('a preview', () => {
  let fixture: MappingFixture;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function loaded(name: string, partition: number, ...ids: string[]): Promise<RawRecordsDriver> {
    const driver = await fixture.integration(name, { partition });
    await driver.read(`${name}-load`, users(...ids.map((id) => `${name}-${id}`)));
    await driver.report(`${name}-load`, 'mapped');
    return driver;
  }

  async function preview(driver: RawRecordsDriver, run: string, listed: RawUser[], pinned: object = {}) {
    const generation = await driver.read(run, listed, { scope: 'preview', ...pinned });
    const report = await driver.report(run, 'mapped');
    const lines = await fixture.environment.databases
      .collection(previewLines)
      .find({ plan: `${run}/${generation}` })
      .sort({ _id: 1 })
      .toArray();
    return { report, lines, generation };
  }

  const state = async () => ({ accounts: await fixture.accounts(), people: await fixture.people() });
  const countChanges = () => fixture.environment.databases.collection(changes).countDocuments();
  const told = (lines: readonly PreviewLineDocument[]) =>
    lines.map(({ kind, name, action, rule }) => `${kind} ${name}: ${action}, ${rule.code}`).sort();

  it('says what a run would do to accounts and people, and does none of it (E6)', async () => {
    const driver = await loaded('one', 1, 'same', 'renamed', 'gone', 'off', 'admin');
    const before = await state();
    const changesBefore = await countChanges();
    const { report, lines } = await preview(driver, 'one-preview', [
      ...users('one-same', 'one-new'),
      named('one-renamed', 'Other Name'),
      buildUser('one-off', { status: 'inactive' }),
    ]);
    expect(report).toMatchObject({
      result: 'complete',
      counts: { read: 4, created: 1, updated: 2, unchanged: 1 },
      staged: 3,
    });
    expect(told(lines)).toEqual([
      'account one-admin@example.com: deactivate, missing',
      'account one-gone@example.com: deactivate, missing',
      'account one-new@example.com: create, no-match',
      'account one-off@example.com: deactivate, inactive',
      'account one-renamed@example.com: update, linked',
      'person Other Name: update, follows-account',
      'person User one-admin: deactivate, follows-account',
      'person User one-gone: deactivate, follows-account',
      'person User one-new: create, follows-account',
      'person User one-off: deactivate, follows-account',
    ]);
    expect(lines.find(({ name }) => name === 'Other Name')?.changed).toEqual({
      'values.display_name': 'User one-renamed',
    });
    expect(await state()).toEqual(before);
    expect(await countChanges()).toBe(changesBefore);
  });

  it('matches against what its earlier lines would have written (E6)', async () => {
    const driver = await loaded('two', 2, 'a');
    const shared = (id: string) => buildUser(id, { raw: { email: 'two-shared@example.com', name: id } });
    const many = Array.from({ length: 1100 }, (_, index) => buildUser(`two-many-${index}`));
    const { lines } = await preview(driver, 'two-preview', [shared('two-x'), ...many, shared('two-y')]);
    const undecided = lines.filter(({ rule }) => rule.code === 'undecided');
    expect(undecided.map(({ record, person }) => [record, person])).toEqual([['two:two-y', null]]);
    expect(lines.filter(({ kind, action }) => kind === 'person' && action === 'create')).toHaveLength(1101);
  });

  it('never lends itself to a sweep (A12)', async () => {
    const driver = await loaded('three', 3, 'a', 'b');
    const { generation } = await preview(driver, 'three-preview', users('three-a'));
    await driver.runs.pass('three-preview');
    await driver.send([{ k: 'sweep', i: 'three', g: generation, r: 'three-preview' }]);
    await driver.read('three-2', users('three-a', 'three-b'));
    await driver.report('three-2', 'mapped');
    expect((await fixture.accounts()).find(({ _id }) => _id === 'three:three-b')).toMatchObject({ active: true });
  });

  it('that is applied lets a run do what it foretold, and nothing else (E7)', async () => {
    const driver = await loaded('four', 4, 'renamed', 'gone', 'back', 'later', 'lost');
    const renamed = (name: string) => named('four-renamed', name);
    await preview(driver, 'four-preview', [renamed('Foretold'), ...users('four-new', 'four-later', 'four-lost')]);
    // Since then: other values for whom it named, and news of whom it did not.
    const generation = await driver.read(
      'four-apply',
      [renamed('Of today'), ...users('four-new', 'four-newer', 'four-back'), named('four-later', 'Changed later')],
      { appliedPlan: 'four-preview' },
    );
    const report = await driver.report('four-apply', 'mapped');
    expect(report).toMatchObject({ counts: { created: 1, updated: 1, skipped: 2 }, staged: 1 });
    await driver.sweep('four-apply', generation);
    const accounts = new Map((await fixture.accounts()).map((account) => [account._id, account]));
    expect(accounts.get('four:four-renamed')?.values['display_name']).toBe('Of today');
    expect(accounts.get('four:four-new')).toMatchObject({ active: true });
    expect(accounts.has('four:four-newer')).toBe(false);
    expect(accounts.get('four:four-later')?.values['display_name']).toBe('User four-later');
    expect(accounts.get('four:four-gone')).toMatchObject({ active: false });
    expect(accounts.get('four:four-back')).toMatchObject({ active: true });
    // Missing now, but not when the preview was made.
    expect(accounts.get('four:four-lost')).toMatchObject({ active: true });
  });

  it('foretells exactly what the same read then does, whatever came before (P13)', async () => {
    let lineCount = 0;
    const hr = await fixture.integration('hr', { partition: 5, priority: 1 });
    const mail = await fixture.integration('mail', { partition: 6, priority: 2 });
    for (const [round, listing] of fc.sample(listings, { seed: 20_261_128, numRuns: 12 }).entries()) {
      const driver = round % 2 === 0 ? hr : mail;
      const listed = usersOf(listing, round);
      const before = await state();
      const foretold = await preview(driver, `p${round}`, listed);
      expect(await state()).toEqual(before);
      const generation = await driver.read(`r${round}`, listed);
      const report = await driver.report(`r${round}`, 'mapped');
      expect(report.counts).toEqual(foretold.report.counts);
      expect(report.staged).toBe(foretold.report.staged);
      await driver.sweep(`r${round}`, generation);
      const protectedLines = await fixture.environment.databases
        .collection(planLines)
        .countDocuments({ run: `r${round}`, state: 'stale' });
      expect(protectedLines).toBe(0);
      lineCount += foretold.lines.length;
      expect(effects(before, await state())).toEqual(linesAsEffects(foretold.lines));
    }
    expect(lineCount).toBeGreaterThan(400);
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});

/** What an integration lists in each round: some are missing, some share an e-mail, some changed. */
const listings = fc.array(
  fc.record({
    isListed: fc.constantFrom(true, true, true, true, true, false),
    status: fc.constantFrom(
      'active' as const,
      'active' as const,
      'active' as const,
      'inactive' as const,
      'unknown' as const,
    ),
    borrowed: fc.nat(39),
    isRenamed: fc.constantFrom(true, false, false),
  }),
  { minLength: 40, maxLength: 40 },
);
type Listed = (typeof listings extends fc.Arbitrary<infer Listing> ? Listing : never)[number];

function usersOf(listing: readonly Listed[], round: number): RawUser[] {
  return listing.flatMap(({ isListed, status, borrowed, isRenamed }, number) => {
    if (!isListed) return [];
    // One in eight has somebody's e-mail, others in each round.
    const email = `person-${number % 8 === round % 8 ? borrowed : number}@example.com`;
    const name = isRenamed ? `Name ${number} of round ${round}` : `Name ${number}`;
    return [buildUser(`u${number}`, { status, raw: { email, name } })];
  });
}

interface State {
  readonly accounts: readonly AccountDocument[];
  readonly people: readonly PersonDocument[];
}

function effects(before: State, after: State): string[] {
  const changed = <Document extends { _id: string; revision: number }>(
    old: readonly Document[],
    now: readonly Document[],
  ) => {
    const known = new Map(old.map(({ _id, revision }) => [_id, revision]));
    return now.filter(({ _id, revision }) => known.get(_id) !== revision);
  };
  return [
    ...changed(before.accounts, after.accounts).map(accountText),
    ...changed(before.people, after.people).map(personText),
  ].sort();
}

function linesAsEffects(lines: readonly PreviewLineDocument[]): string[] {
  return lines
    .map(({ kind, after }) =>
      kind === 'account' ? accountText(after as AccountDocument) : personText(after as PersonDocument),
    )
    .sort();
}

/** Without ids of people: who is made gets another one each time. */
function accountText({ _id, active, values, error, sourceStatus, person }: AccountDocument): string {
  return JSON.stringify([_id, active, values, error?.code, sourceStatus, person === null]);
}

function personText({ active, values, keys, refused, provenance }: PersonDocument): string {
  return JSON.stringify([active, values, keys, refused, provenance]);
}
