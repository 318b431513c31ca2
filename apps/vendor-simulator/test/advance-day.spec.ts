import { describe, expect, it } from '@jest/globals';

import { advanceDay, type DaySummary, type PersonChange } from '../src/company/advance-day.js';
import { demoCompany, type StaffedCompany } from '../src/company/demo-company.js';
import { loadCompany } from '../src/company/load-company.js';
import { type CompanyTruth, companyTruth } from '../src/company/truth.js';
import { accountShapes } from '../src/vendors/index.js';

const kinds = (change: PersonChange) => change.accounts.map((account) => `${account.vendor} ${account.kind}`).sort();

function accountsOf(truth: CompanyTruth, change: PersonChange) {
  return truth.people.find((person) => person.id === change.personId)?.accounts ?? [];
}

function day(staffed: StaffedCompany): { before: CompanyTruth; after: CompanyTruth; summary: DaySummary } {
  const before = companyTruth(staffed.company);
  const summary = advanceDay(staffed);
  return { before, summary, after: companyTruth(staffed.company) };
}

describe('a day of the script', () => {
  it('makes the same changes for the same seed, day after day', () => {
    const [one, other] = [demoCompany('s', accountShapes()), demoCompany('s', accountShapes())];
    for (let n = 0; n < 30; n += 1) expect(advanceDay(one)).toEqual(advanceDay(other));
    expect(companyTruth(one.company)).toEqual(companyTruth(other.company));
  });

  it.each([1, 2, 3, 10])('has exactly its events on day %i', (wanted) => {
    const staffed = demoCompany('test', accountShapes(['jumpcloud', 'lastpass']));
    for (let n = 1; n < wanted; n += 1) advanceDay(staffed);
    const { before, after, summary } = day(staffed);
    expect(summary.day).toBe(wanted);

    expect(summary.leavers).toHaveLength(2);
    for (const leaver of summary.leavers) {
      expect(kinds(leaver)).toEqual(['jumpcloud removed', 'lastpass removed']);
      expect(accountsOf(before, leaver).every((account) => account.active)).toBe(true);
      expect(accountsOf(after, leaver)).toEqual([]);
    }

    expect(summary.returners).toHaveLength(1);
    for (const returner of summary.returners) {
      expect(accountsOf(before, returner).some((account) => account.active)).toBe(false);
      expect(accountsOf(after, returner).map((account) => account.active)).toEqual([true, true]);
    }

    expect(summary.suspended).toHaveLength(1);
    for (const suspended of summary.suspended) {
      expect(kinds(suspended)).toEqual(['jumpcloud suspended']);
      const active = accountsOf(after, suspended).map(({ vendor, active }) => `${vendor} ${active}`);
      expect(active.sort()).toEqual(['jumpcloud false', 'lastpass true']);
    }

    expect(summary.swapped).toHaveLength(2);
    const [one, other] = summary.swapped as [PersonChange, PersonChange];
    const emails = (truth: CompanyTruth, change: PersonChange) => accountsOf(truth, change).map(({ email }) => email);
    expect(emails(after, one)).toEqual(emails(before, other));
    expect(emails(after, other)).toEqual(emails(before, one));
    expect(new Set(emails(after, one)).size).toBe(1);

    expect(summary.movers).toHaveLength(2);
    for (const mover of summary.movers) {
      const directory = mover.accounts.find((account) => account.vendor === 'jumpcloud');
      expect(Object.keys(directory?.fields ?? {}).sort()).toEqual(['department', 'jobTitle']);
    }

    expect(summary.joiners).toHaveLength(3);
    for (const joiner of summary.joiners) {
      expect(kinds(joiner)).toEqual(['jumpcloud added', 'lastpass added']);
      expect(before.people.some((person) => person.id === joiner.personId)).toBe(false);
    }
  });

  it('touches nobody twice and nothing that its summary does not name', () => {
    const staffed = demoCompany('test', accountShapes());
    const wire = () =>
      new Map(
        [...staffed.company.directories].flatMap(([vendor, { accounts }]) =>
          accounts.map(({ id, json }) => [`${vendor} ${id}`, json] as const),
        ),
      );
    for (let n = 0; n < 5; n += 1) {
      const before = wire();
      const summary = advanceDay(staffed);
      const after = wire();
      const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
        (key) => before.get(key) !== after.get(key),
      );
      expect(differing.sort()).toEqual(summary.changes.map(({ vendor, id }) => `${vendor} ${id}`).sort());
      const groups = [summary.leavers, summary.returners, summary.suspended, summary.swapped, summary.joiners];
      const people = [...groups, summary.movers].flat().map((change) => change.personId);
      expect(new Set(people).size).toBe(people.length);
    }
  });

  it('brings back an inactive person on the first day and a removed one, with new ids, on the second', () => {
    const staffed = demoCompany('test', accountShapes(['jumpcloud', 'lastpass']));
    expect(advanceDay(staffed).returners.flatMap((one) => one.accounts.map(({ kind }) => kind))).toEqual([
      'restored',
      'restored',
    ]);
    expect(advanceDay(staffed).returners.flatMap((one) => one.accounts.map(({ kind }) => kind))).toEqual([
      'added',
      'added',
    ]);
  });

  it('works for a load company, which has a returner from the second day on', () => {
    const staffed = loadCompany('test', 50, accountShapes());
    expect([advanceDay(staffed), advanceDay(staffed)].map((one) => one.returners.length)).toEqual([0, 1]);
  });

  it('refuses a company that is too small, and changes nothing', () => {
    const staffed = loadCompany('test', 5, accountShapes());
    const before = companyTruth(staffed.company);
    expect(() => advanceDay(staffed)).toThrow('needs 7 people');
    expect(companyTruth(staffed.company)).toEqual(before);
  });
});
