import type { AccountShape, AccountTraits } from './account.js';
import { EPOCH_DAY_MS } from './clock.js';
import { Company } from './company.js';
import { DEPARTMENTS, EMAIL_DOMAIN } from './names.js';
import type { Person } from './person.js';
import { Random } from './random.js';
import { Recruiter } from './recruiter.js';
import { CAST, type CastMember, DIRECTORY_VENDOR, OWNERLESS_ACCOUNT, VAULT_VENDOR } from './roster.js';

export const DEMO_PEOPLE = 240;

/** Of the ordinary people, how many have only one of the two accounts; the rest has both. */
const ONLY_DIRECTORY = 34;
const ONLY_VAULT = 22;

export interface StaffedCompany {
  readonly company: Company;
  /** Hires the joiners of later days. */
  readonly recruiter: Recruiter;
}

/** 240 people in both, or only one, of the vendors, with the oddities of the cast; the same for the same seed. */
export function demoCompany(seed: string, shapes: Readonly<Record<string, AccountShape>>): StaffedCompany {
  const company = new Company(seed, 'demo', shapes);
  const random = new Random(`${seed}/demo`);
  const recruiter = new Recruiter(random);
  for (const member of CAST) recruiter.reserve(`${member.mail}@${EMAIL_DOMAIN}`);
  const managerOf = hireManagers(company, recruiter);
  for (const member of CAST) castMember(company, member, random);
  const ordinary = DEMO_PEOPLE - company.people.size;
  for (let i = 0; i < ordinary; i += 1) {
    const person = company.addPerson(recruiter.next());
    person.managerId = managerOf.get(person.department);
    if (i >= ONLY_VAULT) company.addAccount(DIRECTORY_VENDOR, person, { active: true, grouped: true });
    if (i < ONLY_VAULT || i >= ONLY_VAULT + ONLY_DIRECTORY) {
      company.addAccount(VAULT_VENDOR, person, { active: true, grouped: true });
    }
  }
  addOwnerlessAccount(company);
  linkManagers(company);
  return { company, recruiter };
}

/** The first person of each department leads it, in both vendors. */
function hireManagers(company: Company, recruiter: Recruiter): Map<string, string> {
  const managers = new Map<string, string>();
  for (const department of DEPARTMENTS) {
    const person = company.addPerson({ ...recruiter.next(), department, jobTitle: `Head of ${department}` });
    for (const vendor of [DIRECTORY_VENDOR, VAULT_VENDOR]) {
      company.addAccount(vendor, person, { active: true, grouped: true });
    }
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
  if (member.invitedToVault) company.directory(VAULT_VENDOR).invitations.add(person.email);
}

function give(company: Company, vendor: string, person: Person, traits: AccountTraits | undefined): void {
  if (traits) company.addAccount(vendor, person, { grouped: true, ...traits });
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
