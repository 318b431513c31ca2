import { SimulatorError } from '../simulator.errors.js';
import type { AccountChange } from './changes.js';
import type { Company, OwnedAccount } from './company.js';
import type { StaffedCompany } from './demo-company.js';
import { fullNameOf, type Person } from './person.js';
import { Random } from './random.js';
import type { Recruiter } from './recruiter.js';
import { CORE_VENDORS, DIRECTORY_VENDOR } from './roster.js';

/** One person of the day's script and what happened to their accounts. */
export interface PersonChange {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly accounts: readonly AccountChange[];
}

export interface DaySummary {
  readonly day: number;
  readonly date: string;
  /** Two: accounts removed from every vendor, or marked inactive where the vendor keeps them. */
  readonly leavers: readonly PersonChange[];
  /** One: inactive or absent before, active in every vendor now. None on the first day of a load company, which nobody left yet. */
  readonly returners: readonly PersonChange[];
  /** One: suspended in the directory, still active in the others; none in a company without the directory. */
  readonly suspended: readonly PersonChange[];
  /** Two, who exchanged e-mails in every vendor. */
  readonly swapped: readonly PersonChange[];
  /** Three: new people with an account in each vendor that everybody has. */
  readonly joiners: readonly PersonChange[];
  /** Two: another job title and department. */
  readonly movers: readonly PersonChange[];
  /** All of the above, in the order in which they happened. */
  readonly changes: readonly AccountChange[];
}

const LEAVERS = 2;
const MOVERS = 2;
const JOINERS = 3;

/**
 * Moves the company on by one day. The people are drawn from those with one ordinary account in each vendor that everybody
 * has (nobody of the cast, no administrator, no manager), so that no two events of a day touch the same person.
 * @throws `company-too-small` before anything is changed
 */
export function advanceDay({ company, recruiter }: StaffedCompany): DaySummary {
  const day = company.clock.day + 1;
  const random = new Random(`${company.seed}/day/${day}`);
  const owned = company.accountsByPerson();
  const ordinary = random.shuffle(ordinaryPeople(company, owned));
  const returner = drawReturner(company, owned, random, day);
  const needed = LEAVERS + MOVERS + 3;
  if (ordinary.length < needed) {
    const message = `A day needs ${needed} people with an ordinary account everywhere; "${company.kind}" has ${ordinary.length} left. Use a larger company.`;
    throw new SimulatorError('company-too-small', message);
  }
  company.clock.nextDay();
  const accountsOf = (person: Person) => owned.get(person.id) ?? [];
  const take = (count: number) => ordinary.splice(0, count);
  const leavers = take(LEAVERS).map((person) => leave(company, person, accountsOf(person)));
  const suspended = take(1).map((person) => suspend(company, person, accountsOf(person)));
  const swapped = swap(company, take(2) as [Person, Person], accountsOf);
  const movers = take(MOVERS).map((person) => move(company, person, accountsOf(person), recruiter));
  const returners = returner ? [comeBack(company, returner, accountsOf(returner))] : [];
  const joiners = Array.from({ length: JOINERS }, () => join(company, recruiter));
  const changes = [leavers, suspended, swapped, movers, returners, joiners].flat().flatMap((one) => one.accounts);
  const { date } = company.clock;
  return { day, date, leavers, returners, suspended, swapped, joiners, movers, changes };
}

/** Those of this company's vendors that everybody has; all of them where it has none of these. */
function coreVendors(company: Company): readonly string[] {
  const core = [...company.directories.keys()].filter((vendor) => CORE_VENDORS.includes(vendor));
  return core.length > 0 ? core : [...company.directories.keys()];
}

type Owned = Map<string, OwnedAccount[]>;

function ordinaryPeople(company: Company, owned: Owned): Person[] {
  const managers = new Set([...company.people.values()].map((person) => person.managerId));
  return [...company.people.values()].filter((person) => {
    if (person.status === 'left' || person.oddity || managers.has(person.id)) return false;
    const accounts = owned.get(person.id) ?? [];
    const vendors = new Set(accounts.map((one) => one.vendor));
    return (
      coreVendors(company).every((vendor) => vendors.has(vendor)) &&
      vendors.size === accounts.length &&
      accounts.every((one) => one.account.active && !one.account.admin)
    );
  });
}

/** Odd days prefer somebody whose accounts are still there but inactive, even days somebody whose accounts are gone. */
function drawReturner(company: Company, owned: Owned, random: Random, day: number): Person | undefined {
  const gone = [...company.people.values()].filter(
    (person) => person.status === 'left' && !(owned.get(person.id) ?? []).some((one) => one.account.active),
  );
  const [absent, inactive] = [gone.filter((person) => !owned.has(person.id)), gone.filter(({ id }) => owned.has(id))];
  const [first, second] = day % 2 === 1 ? [inactive, absent] : [absent, inactive];
  const pool = first.length > 0 ? first : second;
  return pool.length > 0 ? random.pick(pool) : undefined;
}

function told(person: Person, accounts: AccountChange[]): PersonChange {
  return { personId: person.id, name: fullNameOf(person), email: person.email, accounts };
}

function leave(company: Company, person: Person, accounts: readonly OwnedAccount[]): PersonChange {
  person.status = 'left';
  return told(
    person,
    accounts.map(({ vendor, account }) =>
      company.directory(vendor).shape.leaver === 'removed'
        ? company.removeAccount(vendor, account)
        : company.setActive(vendor, account, false),
    ),
  );
}

function suspend(company: Company, person: Person, accounts: readonly OwnedAccount[]): PersonChange {
  person.status = 'left';
  const concerned = accounts.filter((one) => one.vendor === DIRECTORY_VENDOR);
  return told(
    person,
    concerned.map(({ vendor, account }) => company.setActive(vendor, account, false)),
  );
}

function swap(
  company: Company,
  [one, other]: [Person, Person],
  accountsOf: (person: Person) => readonly OwnedAccount[],
): PersonChange[] {
  [one.email, other.email] = [other.email, one.email];
  return [one, other].map((person) =>
    told(
      person,
      accountsOf(person).map(({ vendor, account }) => company.setEmail(vendor, account, person.email)),
    ),
  );
}

function move(company: Company, person: Person, accounts: readonly OwnedAccount[], recruiter: Recruiter): PersonChange {
  const job = recruiter.otherJob(person);
  Object.assign(person, job);
  const changes = accounts.map(({ vendor, account }) => company.setJob(vendor, account, person));
  // A vendor that stores neither title nor department has not changed.
  return told(
    person,
    changes.filter((change) => Object.keys(change.fields ?? {}).length > 0),
  );
}

function comeBack(company: Company, person: Person, accounts: readonly OwnedAccount[]): PersonChange {
  person.status = 'employed';
  const kept = accounts.map(({ vendor, account }) => company.setActive(vendor, account, true));
  const missing = coreVendors(company).filter((vendor) => !accounts.some((one) => one.vendor === vendor));
  const made = missing.map((vendor) => company.addAccount(vendor, person, { active: true, grouped: true }));
  return told(person, [...kept, ...made]);
}

function join(company: Company, recruiter: Recruiter): PersonChange {
  const person = company.addPerson(recruiter.next(company.clock.dayStartMs));
  const changes = coreVendors(company).map((vendor) =>
    company.addAccount(vendor, person, { active: true, grouped: true, loggedIn: false }),
  );
  return told(person, changes);
}
