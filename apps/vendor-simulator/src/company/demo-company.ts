import type { AccountShape, AccountTraits } from './account.js';
import { EPOCH_DAY_MS } from './clock.js';
import { Company } from './company.js';
import { DEPARTMENTS, EMAIL_DOMAIN } from './names.js';
import type { Person } from './person.js';
import { Random } from './random.js';
import { Recruiter } from './recruiter.js';
import {
  CAST,
  type CastMember,
  CONTRACTS_VENDOR,
  DIRECTORY_VENDOR,
  HIRING_VENDOR,
  IDENTITY_VENDOR,
  otherVendors,
  OWNERLESS_ACCOUNT,
  VAULT_VENDOR,
} from './roster.js';

export const DEMO_PEOPLE = 240;

/** Of the ordinary people, how many are in the directory or in the vault only; the rest is in both. */
const ONLY_DIRECTORY = 34;
const ONLY_VAULT = 22;
/** Every so many of the ordinary people interview, and negotiate. */
const INTERVIEWS_EVERY = 5;
const NEGOTIATES_EVERY = 4;

export interface StaffedCompany {
  readonly company: Company;
  /** Hires the joiners of later days. */
  readonly recruiter: Recruiter;
}

/** 240 people, some in all vendors and some in few, with the oddities of the cast; the same for the same seed. */
export function demoCompany(seed: string, shapes: Readonly<Record<string, AccountShape>>): StaffedCompany {
  const company = new Company(seed, 'demo', shapes);
  const random = new Random(`${seed}/demo`);
  const recruiter = new Recruiter(random);
  for (const member of CAST) recruiter.reserve(`${member.mail}@${EMAIL_DOMAIN}`);
  const managerOf = hireManagers(company, recruiter);
  for (const member of CAST) castMember(company, member, random);
  const ordinary = DEMO_PEOPLE - company.people.size;
  const others = otherVendors(company.directories.keys());
  for (let i = 0; i < ordinary; i += 1) {
    const person = company.addPerson(recruiter.next());
    person.managerId = managerOf.get(person.department);
    for (const vendor of [...vendorsOfOrdinary(i), ...(i >= ONLY_VAULT ? others : [])]) {
      give(company, vendor, person, { active: true });
    }
  }
  addOwnerlessAccount(company);
  linkManagers(company);
  return { company, recruiter };
}

/** Of the ith of the ordinary people. */
function vendorsOfOrdinary(i: number): string[] {
  const [inDirectory, inVault] = [i >= ONLY_VAULT, i < ONLY_VAULT || i >= ONLY_VAULT + ONLY_DIRECTORY];
  return [
    ...(inDirectory ? [DIRECTORY_VENDOR] : []),
    ...(inVault ? [VAULT_VENDOR] : []),
    ...(inDirectory ? [IDENTITY_VENDOR] : []),
    ...(inDirectory && i % INTERVIEWS_EVERY === 0 ? [HIRING_VENDOR] : []),
    ...(i % NEGOTIATES_EVERY === 0 ? [CONTRACTS_VENDOR] : []),
  ];
}

/** The first person of each department leads it, in all vendors. */
function hireManagers(company: Company, recruiter: Recruiter): Map<string, string> {
  const managers = new Map<string, string>();
  for (const department of DEPARTMENTS) {
    const person = company.addPerson({ ...recruiter.next(), department, jobTitle: `Head of ${department}` });
    for (const vendor of company.directories.keys()) give(company, vendor, person, { active: true });
    managers.set(department, person.id);
  }
  return managers;
}

function castMember(company: Company, member: CastMember, random: Random): void {
  const { firstName, lastName, oddity } = member;
  const person = company.addPerson({
    firstName,
    lastName,
    email: `${member.mail}@${EMAIL_DOMAIN}`,
    jobTitle: 'Specialist',
    department: random.pick(DEPARTMENTS),
    hiredMs: EPOCH_DAY_MS - (30 + random.int(1500)) * 86_400_000,
    status: member.left ? 'left' : 'employed',
    oddity,
  });
  give(company, DIRECTORY_VENDOR, person, member.directory);
  give(company, VAULT_VENDOR, person, member.vault);
  // What is odd about an account is written in its own vendor's words, so it does not go along.
  const { directory } = member;
  give(company, IDENTITY_VENDOR, person, directory && { active: directory.active, admin: directory.admin });
  for (const vendor of [HIRING_VENDOR, CONTRACTS_VENDOR]) {
    give(company, vendor, person, member.everywhere && { active: true, admin: directory?.admin });
  }
  if (member.invitedToVault && company.directories.has(VAULT_VENDOR))
    company.directory(VAULT_VENDOR).invitations.add(person.email);
}

/** A company without this vendor gives nothing. */
function give(company: Company, vendor: string, person: Person, traits: AccountTraits | undefined | false): void {
  if (traits && company.directories.has(vendor)) company.addAccount(vendor, person, { grouped: true, ...traits });
}

function addOwnerlessAccount(company: Company): void {
  const nobody: Person = {
    id: 'nobody',
    ...OWNERLESS_ACCOUNT,
    jobTitle: '',
    department: 'IT',
    hiredMs: EPOCH_DAY_MS - 900 * 86_400_000,
    status: 'employed',
  };
  if (!company.directories.has(DIRECTORY_VENDOR)) return;
  company.addAccount(DIRECTORY_VENDOR, nobody, { active: true }, { owned: false });
}

/** Managers are named by account id, so this needs all accounts to exist. */
function linkManagers(company: Company): void {
  const owned = company.accountsByPerson();
  for (const [vendor, directory] of company.directories) {
    const { setManager } = directory.shape;
    if (!setManager) continue;
    const accountOf = (personId: string) => owned.get(personId)?.find((one) => one.vendor === vendor)?.account;
    for (const account of [...directory.accounts]) {
      const managerId = account.personId === null ? undefined : company.people.get(account.personId)?.managerId;
      const manager = managerId === undefined ? undefined : accountOf(managerId);
      if (manager) directory.update(account, (attributes) => setManager(attributes, manager.id));
    }
  }
}
