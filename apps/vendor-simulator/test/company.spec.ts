import { describe, expect, it } from '@jest/globals';

import type { Company } from '../src/company/company.js';
import { DEMO_PEOPLE, demoCompany } from '../src/company/demo-company.js';
import { loadCompany } from '../src/company/load-company.js';
import type { Oddity } from '../src/company/person.js';
import { companyTruth } from '../src/company/truth.js';
import { accountShapes } from '../src/vendors/index.js';

const wire = (company: Company) =>
  [...company.directories].map(([vendor, { accounts }]) => [vendor, accounts.map(({ id, json }) => [id, json])]);

function withOddity(oddity: Oddity) {
  const truth = companyTruth(demoCompany('test', accountShapes()).company);
  const accountsOf = (vendor: string, personId: string) =>
    truth.vendors[vendor]?.accounts.filter((account) => account.personId === personId) ?? [];
  return truth.people
    .filter((person) => person.oddity === oddity)
    .map((person) => ({
      person,
      lastpass: accountsOf('lastpass', person.id),
      jumpcloud: accountsOf('jumpcloud', person.id),
    }));
}

describe('the demo company', () => {
  it('is the same for the same seed and another for another', () => {
    const one = wire(demoCompany('a', accountShapes()).company);
    expect(wire(demoCompany('a', accountShapes()).company)).toEqual(one);
    expect(wire(demoCompany('b', accountShapes()).company)).not.toEqual(one);
  });

  it('has 240 people: most in both the directory and the vault, some only in one', () => {
    const shapes = accountShapes(['jumpcloud', 'lastpass']);
    const { people } = companyTruth(demoCompany('test', shapes).company);
    expect(people).toHaveLength(DEMO_PEOPLE);
    const places = people.map((person) =>
      person.accounts
        .map((account) => account.vendor)
        .sort()
        .join('+'),
    );
    const count = (place: string) => places.filter((one) => one === place).length;
    expect(count('jumpcloud+lastpass')).toBeGreaterThan(150);
    expect(count('jumpcloud')).toBeGreaterThan(20);
    expect(count('lastpass')).toBeGreaterThan(20);
    expect(count('')).toBe(0);
  });

  it('gives every account its own id and user name', () => {
    for (const { accounts } of demoCompany('test', accountShapes()).company.directories.values()) {
      expect(new Set(accounts.map((account) => account.id)).size).toBe(accounts.length);
      expect(new Set(accounts.map((account) => account.username)).size).toBe(accounts.length);
    }
  });

  it('has two people behind one e-mail', () => {
    const pair = withOddity('shared-email');
    expect(pair).toHaveLength(2);
    expect(new Set(pair.map((one) => one.person.email)).size).toBe(1);
    expect(new Set(pair.flatMap((one) => one.jumpcloud).map((account) => account.email)).size).toBe(1);
    expect(pair.flatMap((one) => one.jumpcloud)).toHaveLength(2);
  });

  it('has a leaver whom LastPass still takes for active', () => {
    const [leaver] = withOddity('leaver-still-active');
    expect(leaver?.person.status).toBe('left');
    expect(leaver?.jumpcloud[0]?.active).toBe(false);
    expect(leaver?.lastpass[0]?.active).toBe(true);
  });

  it('has a surname that only one vendor knows about', () => {
    const [renamed] = withOddity('renamed-surname');
    expect(renamed?.jumpcloud[0]?.name).toBe('Olga Winkler');
    expect(renamed?.lastpass[0]?.name).toBe('Olga Petrenko');
    expect(renamed?.jumpcloud[0]?.email).toBe(renamed?.lastpass[0]?.email);
  });

  it('has a value that is a date in one vendor and text in the other', () => {
    const { company } = demoCompany('test', accountShapes());
    const [odd] = withOddity('date-as-text');
    const created = (vendor: string) => {
      const [owned] = company.directory(vendor).accounts.filter((account) => account.personId === odd?.person.id);
      return (JSON.parse(owned?.json ?? '{}') as { created: string }).created;
    };
    expect(created('jumpcloud')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(created('lastpass')).not.toMatch(/^\d{4}-/);
  });

  it('has one account without an owner, one administrator in each vendor, and invited people', () => {
    const { vendors } = companyTruth(demoCompany('test', accountShapes()).company);
    const accounts = Object.values(vendors).flatMap((vendor) => vendor.accounts);
    expect(accounts.filter((account) => account.personId === null)).toHaveLength(1);
    // Contracts are negotiated without administrators.
    for (const vendor of [vendors['lastpass'], vendors['jumpcloud'], vendors['entra'], vendors['lever']]) {
      expect(vendor!.accounts.filter((account) => account.admin)).toHaveLength(1);
    }
    expect(withOddity('never-logged-in')).toHaveLength(5);
    expect(vendors.lastpass?.invitations).toHaveLength(2);
  });

  it('has names in other scripts, with emoji and with formulas', () => {
    const names = withOddity('unusual-name').map((one) => one.jumpcloud[0]?.name ?? '');
    expect(names.some((name) => name.startsWith('='))).toBe(true);
    expect(names.some((name) => /\p{Extended_Pictographic}/u.test(name))).toBe(true);
    expect(names.some((name) => /\p{Script=Arabic}/u.test(name))).toBe(true);
    expect(names.some((name) => name !== name.normalize('NFC'))).toBe(true);
  });
});

describe('a load company', () => {
  it('has n people with an active account under the same e-mail in every vendor', () => {
    const { people, vendors } = companyTruth(loadCompany('test', 500, accountShapes()).company);
    expect(people).toHaveLength(500);
    expect(new Set(people.map((person) => person.email)).size).toBe(500);
    const emails = (vendor: string) => vendors[vendor]?.accounts.map((account) => account.email);
    expect(emails('lastpass')).toEqual(emails('jumpcloud'));
    expect(Object.values(vendors).every((vendor) => vendor.accounts.every((account) => account.active))).toBe(true);
  });
});
