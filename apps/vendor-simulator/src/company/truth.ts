import type { Account } from './account.js';
import type { Company } from './company.js';
import { attributesOf } from './directory.js';
import type { Oddity } from './person.js';

export interface TrueAccount {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly active: boolean;
  readonly admin: boolean;
  /** Null: belongs to nobody the company knows. */
  readonly personId: string | null;
}

export interface TruePerson {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly jobTitle: string;
  readonly department: string;
  readonly status: 'employed' | 'left';
  readonly oddity?: Oddity;
  readonly accounts: readonly { vendor: string; id: string; email: string; active: boolean }[];
}

/** The raw truth at this moment. Whoever expects numbers computes them from here. */
export interface CompanyTruth {
  readonly seed: string;
  readonly kind: string;
  readonly day: number;
  readonly date: string;
  readonly vendors: Readonly<Record<string, { accounts: readonly TrueAccount[]; invitations: readonly string[] }>>;
  readonly people: readonly TruePerson[];
}

export interface RawAccount {
  readonly id: string;
  /** The vendor's own user object, parsed; `{}` for planted text that is no object. */
  readonly record: Readonly<Record<string, unknown>>;
}

export function companyTruth(company: Company): CompanyTruth {
  const owned = company.accountsByPerson();
  const vendors = [...company.directories].map(
    ([vendor, { accounts, invitations }]) =>
      [vendor, { accounts: accounts.map(trueAccount), invitations: [...invitations] }] as const,
  );
  const people = [...company.people.values()].map((person): TruePerson => {
    const { id, firstName, lastName, email, jobTitle, department, status, oddity } = person;
    const accounts = (owned.get(id) ?? []).map(({ vendor, account }) => ({
      vendor,
      id: account.id,
      email: account.email,
      active: account.active,
    }));
    return { id, firstName, lastName, email, jobTitle, department, status, oddity, accounts };
  });
  const { seed, kind, clock } = company;
  return { seed, kind, day: clock.day, date: clock.date, vendors: Object.fromEntries(vendors), people };
}

export function rawAccounts(company: Company, vendor: string): RawAccount[] {
  return company.directory(vendor).accounts.map((account) => ({ id: account.id, record: attributesOf(account) }));
}

function trueAccount({ id, username, email, name, active, admin, personId }: Account): TrueAccount {
  return { id, username, email, name, active, admin, personId };
}
