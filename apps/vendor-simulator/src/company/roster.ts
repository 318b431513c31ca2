import type { AccountTraits } from './account.js';
import { EMAIL_DOMAIN } from './names.js';
import type { Oddity } from './person.js';

/**
 * The fixed cast of the demo company: every oddity that a reader of user lists must survive. The rest of the 240 people is
 * drawn from the seed. Each vendor has its part in the company; a company without some of the vendors leaves those out.
 */
export const DIRECTORY_VENDOR = 'jumpcloud';
export const VAULT_VENDOR = 'lastpass';
/** Whoever is in the directory signs in through this one. */
export const IDENTITY_VENDOR = 'entra';
/** Used by those who interview. */
export const HIRING_VENDOR = 'lever';
/** Used by those who negotiate. */
export const CONTRACTS_VENDOR = 'ironclad-clickwrap';
/** What everybody who joins is given. */
export const CORE_VENDORS: readonly string[] = [DIRECTORY_VENDOR, VAULT_VENDOR, IDENTITY_VENDOR];

const VENDORS_WITH_A_PART: readonly string[] = [...CORE_VENDORS, HIRING_VENDOR, CONTRACTS_VENDOR];

/** Vendors that have no part of their own here, as those just added: all ordinary people of the directory use them. */
export function otherVendors(vendors: Iterable<string>): string[] {
  return [...vendors].filter((vendor) => !VENDORS_WITH_A_PART.includes(vendor));
}

export interface CastMember {
  readonly firstName: string;
  readonly lastName: string;
  /** Local part of the address. */
  readonly mail: string;
  readonly oddity: Oddity;
  readonly left?: true;
  readonly directory?: AccountTraits;
  readonly vault?: AccountTraits;
  /** Also among those who interview and negotiate. */
  readonly everywhere?: true;
  readonly invitedToVault?: true;
}

const active: AccountTraits = { active: true };
const inactive: AccountTraits = { active: false };
const neverIn: AccountTraits = { active: true, loggedIn: false };

const ADMINISTRATORS: readonly CastMember[] = [
  {
    firstName: 'Margit',
    lastName: 'Hallgren',
    mail: 'margit.hallgren',
    oddity: 'administrator',
    directory: active,
    vault: { active: true, admin: true },
  },
  {
    firstName: 'Desmond',
    lastName: 'Achebe',
    mail: 'desmond.achebe',
    oddity: 'administrator',
    everywhere: true,
    directory: { active: true, admin: true },
    vault: active,
  },
];

/** Two people behind one shared mailbox: two directory accounts with one e-mail, one vault account. */
const SHARED_MAILBOX: readonly CastMember[] = [
  {
    firstName: 'Lotte',
    lastName: 'Brink',
    mail: 'front.desk',
    oddity: 'shared-email',
    directory: { active: true, overrides: { username: 'lotte.brink' } },
    vault: active,
  },
  {
    firstName: 'Oskar',
    lastName: 'Brandao',
    mail: 'front.desk',
    oddity: 'shared-email',
    directory: { active: true, overrides: { username: 'oskar.brandao' } },
  },
];

const LEAVERS: readonly CastMember[] = [
  {
    firstName: 'Rupert',
    lastName: 'Vance',
    mail: 'rupert.vance',
    oddity: 'leaver-still-active',
    left: true,
    directory: inactive,
    vault: active,
  },
  ...(
    [
      ['Inga', 'Solberg'],
      ['Mateo', 'Quiroga'],
      ['Priya', 'Raman'],
      ['Tobias', 'Lenz'],
    ] as const
  ).map(([firstName, lastName]) => ({
    firstName,
    lastName,
    mail: `${firstName}.${lastName}`.toLowerCase(),
    oddity: 'inactive-at-start' as const,
    left: true as const,
    directory: inactive,
    vault: inactive,
  })),
];

const DATA_ODDITIES: readonly CastMember[] = [
  {
    firstName: 'Olga',
    lastName: 'Winkler',
    mail: 'olga.petrenko',
    oddity: 'renamed-surname',
    directory: active,
    vault: { active: true, overrides: { fullname: 'Olga Petrenko' } },
  },
  {
    firstName: 'Hugo',
    lastName: 'Marchand',
    mail: 'hugo.marchand',
    oddity: 'date-as-text',
    directory: active,
    vault: { active: true, overrides: { created: 'before 2019 (imported)' } },
  },
  {
    firstName: 'Kofi',
    lastName: 'Mensah',
    mail: 'kofi.mensah',
    oddity: 'locked',
    directory: { active: true, locked: true },
    vault: active,
  },
  {
    firstName: 'Nora',
    lastName: 'Feld',
    mail: 'nora.feld',
    oddity: 'password-expired',
    directory: { active: true, passwordExpired: true },
    vault: active,
  },
];

const NEWCOMERS: readonly CastMember[] = [
  ...(
    [
      ['Bela', 'Roth'],
      ['Chiara', 'Lodi'],
      ['Dmitri', 'Orlov'],
      ['Edda', 'Thorsen'],
      ['Faisal', 'Aziz'],
    ] as const
  ).map(([firstName, lastName]) => ({
    firstName,
    lastName,
    mail: `${firstName}.${lastName}`.toLowerCase(),
    oddity: 'never-logged-in' as const,
    directory: neverIn,
    vault: neverIn,
  })),
  ...(
    [
      ['Gwen', 'Pryce'],
      ['Hamid', 'Sadeghi'],
    ] as const
  ).map(([firstName, lastName]) => ({
    firstName,
    lastName,
    mail: `${firstName}.${lastName}`.toLowerCase(),
    oddity: 'invited-not-accepted' as const,
    directory: active,
    invitedToVault: true as const,
  })),
];

/** Names that break spreadsheets, terminals, pages, templates and careless comparisons. */
const UNUSUAL_NAMES: readonly CastMember[] = (
  [
    ['Zoë 🦊', 'Füchsel', 'zoe.fuechsel'],
    ['ليلى', 'حدّاد', 'layla.haddad'],
    ['נועה', 'בן־דוד', 'noa.bendavid'],
    ['=cmd|"/c calc"!A1', 'Formula', 'equals.formula'],
    ["Siobhán D'Arcy", "O'Łukasz-Ñandú", 'siobhan.olukasz'],
    ['小明', '王', 'xiaoming.wang'],
    ['Jose\u0301', 'Mun\u0303oz', 'jose.munoz'],
    ['<script>alert(1)</script>', 'Tag', 'script.tag'],
    ['{{secret}}', 'Braces', 'curly.braces'],
  ] as const
).map(([firstName, lastName, mail]) => ({
  firstName,
  lastName,
  mail,
  oddity: 'unusual-name',
  everywhere: true,
  directory: active,
  vault: active,
}));

export const CAST: readonly CastMember[] = [
  ...ADMINISTRATORS,
  ...SHARED_MAILBOX,
  ...LEAVERS,
  ...DATA_ODDITIES,
  ...NEWCOMERS,
  ...UNUSUAL_NAMES,
];

/** An account of the directory that no person stands behind. */
export const OWNERLESS_ACCOUNT = {
  firstName: 'Print',
  lastName: 'Server',
  email: `print-server@${EMAIL_DOMAIN}`,
} as const;
