import type { AccountInput, AccountShape, AccountTraits, Attributes } from '../../company/account.js';
import { DAY_MS, EPOCH_DAY_MS } from '../../company/clock.js';
import { EMAIL_DOMAIN, mailPart } from '../../company/names.js';
import { fullNameOf, type Person } from '../../company/person.js';
import type { Random } from '../../company/random.js';

/** The domain that a directory has before it has one of its own; guests are named below it. */
export const INITIAL_DOMAIN = 'harbourexample.onmicrosoft.com';

/** One ordinary account in so many is a guest's. */
const GUEST_EVERY = 40;
const GUEST_REMAINDER = 7;
/** About a quarter of real users have no mailbox, and so no mail: recorded were 29 of 100, and more. */
const NO_MAILBOX_EVERY = 4;
const NO_MAILBOX_REMAINDER = 2;

/** What every user has, in the order of the stored object; nulls are what most of them keep. */
const DEFAULTS: Attributes = {
  id: '',
  accountEnabled: true,
  ageGroup: null,
  businessPhones: [],
  city: null,
  companyName: null,
  consentProvidedForMinor: null,
  country: null,
  createdDateTime: null,
  creationType: null,
  department: null,
  displayName: null,
  employeeHireDate: null,
  employeeId: null,
  employeeType: null,
  externalUserState: null,
  externalUserStateChangeDateTime: null,
  faxNumber: null,
  givenName: null,
  isResourceAccount: null,
  jobTitle: null,
  lastPasswordChangeDateTime: null,
  legalAgeGroupClassification: null,
  mail: null,
  mailNickname: null,
  mobilePhone: null,
  officeLocation: null,
  otherMails: [],
  passwordPolicies: null,
  postalCode: null,
  preferredLanguage: null,
  proxyAddresses: [],
  state: null,
  streetAddress: null,
  surname: null,
  usageLocation: null,
  userPrincipalName: null,
  userType: 'Member',
};

/** Properties that every account here is made with; one of them missing was taken away on purpose. */
export const STORED_PROPERTIES: ReadonlySet<string> = new Set(Object.keys(DEFAULTS));

interface Site {
  readonly city: string;
  readonly state: string | null;
  readonly country: string;
  readonly usageLocation: string;
  readonly postalCode: string;
  readonly streetAddress: string;
  readonly preferredLanguage: string | null;
  /** Numbers kept for fiction; three digits follow. */
  readonly phone: string;
}

const SITES: readonly Site[] = [
  {
    city: 'Reading',
    state: 'Berkshire',
    country: 'United Kingdom',
    usageLocation: 'GB',
    postalCode: 'RG1 1AA',
    streetAddress: '1 High Street',
    preferredLanguage: 'en-GB',
    phone: '+44 118 496 0',
  },
  {
    city: 'Hamburg',
    state: null,
    country: 'Germany',
    usageLocation: 'DE',
    postalCode: '20095',
    streetAddress: 'Hafenstraße 12',
    preferredLanguage: 'de-DE',
    phone: '+49 40 66969 ',
  },
  {
    city: 'Portland',
    state: 'OR',
    country: 'United States',
    usageLocation: 'US',
    postalCode: '97201',
    streetAddress: '400 Pier Avenue',
    preferredLanguage: null,
    phone: '+1 503 555 0',
  },
];

/** More frequent ones stand more often. Administrators, and nobody else, are "Admin". */
const EMPLOYEE_TYPES =
  'Staff,Staff,Staff,Staff,Staff,Staff,Staff,Faculty,Faculty,Contingent Workers,EmpStudent,Contractor'.split(',');

/** Whole seconds, as Graph writes times. */
const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function guid(random: Random): string {
  const hex = random.hex(32);
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Two people behind one mailbox sign in under their own names. */
function principalNameOf(person: Person): string {
  if (person.oddity !== 'shared-email') return person.email;
  return `${mailPart(person.firstName)}.${mailPart(person.lastName)}@${EMAIL_DOMAIN}`;
}

/** Nobody of the cast, no administrator and no head of a department. */
function isGuest(serial: number, { oddity, jobTitle }: Person, { admin }: AccountTraits): boolean {
  if (oddity || admin || jobTitle.startsWith('Head of')) return false;
  return serial % GUEST_EVERY === GUEST_REMAINDER;
}

/** The account of somebody without a mailbox; the cast has one. Guests have their own address instead. */
function hasMailbox(serial: number, { oddity }: Person): boolean {
  return oddity !== undefined || serial % NO_MAILBOX_EVERY !== NO_MAILBOX_REMAINDER;
}

const localPart = (address: string): string => address.split('@')[0] ?? '';

function memberFields({ serial, person, traits, random }: AccountInput): Attributes {
  const { phone, ...site } = random.pick(SITES);
  const principalName = principalNameOf(person);
  const digits = () => String(100 + random.int(900));
  return {
    ...site,
    companyName: 'Harbour Example Ltd',
    employeeHireDate: `${new Date(person.hiredMs).toISOString().slice(0, 10)}T00:00:00Z`,
    employeeId: `E-${person.id.slice(1)}`,
    employeeType: traits.admin ? 'Admin' : random.pick(EMPLOYEE_TYPES),
    mailNickname: localPart(principalName),
    mobilePhone: random.int(3) === 0 ? null : phone + digits(),
    businessPhones: random.int(2) === 0 ? [] : [phone + digits()],
    officeLocation: `${1 + random.int(20)}/${1000 + random.int(300)}`,
    passwordPolicies: random.int(8) === 0 ? 'DisablePasswordExpiration' : null,
    userPrincipalName: principalName,
    ...(hasMailbox(serial, person) ? { proxyAddresses: [`SMTP:${person.email}`] } : { mail: null }),
  };
}

/** A guest signs in elsewhere; the directory knows little more than their address. */
function guestFields({ person, createdMs }: AccountInput): Attributes {
  const nickname = `${person.email.replace('@', '_')}#EXT#`;
  return {
    creationType: 'Invitation',
    externalUserState: 'Accepted',
    externalUserStateChangeDateTime: time(createdMs + 3_600_000),
    mailNickname: nickname,
    otherMails: [person.email],
    userPrincipalName: `${nickname}@${INITIAL_DOMAIN}`,
    userType: 'Guest',
  };
}

export const accountShape: AccountShape = {
  rewriteMovesToEnd: false,
  leaver: 'removed',
  newId: guid,

  build(input: AccountInput): Attributes {
    const { id, serial, person, traits, createdMs, random } = input;
    const hasChangedPassword = traits.loggedIn ?? true;
    const changedMs = hasChangedPassword ? EPOCH_DAY_MS - random.int(90) * DAY_MS : createdMs;
    return Object.assign(
      { ...DEFAULTS },
      {
        id,
        accountEnabled: traits.active,
        createdDateTime: time(createdMs),
        department: person.department,
        displayName: fullNameOf(person),
        givenName: person.firstName,
        jobTitle: person.jobTitle,
        lastPasswordChangeDateTime: time(Math.max(changedMs, createdMs)),
        mail: person.email,
        surname: person.lastName,
      },
      isGuest(serial, person, traits) ? guestFields(input) : memberFields(input),
      traits.overrides,
    );
  },

  facts(attributes) {
    const { id } = attributes;
    return {
      ...(id === undefined ? {} : { id: String(id) }),
      username: String(attributes.userPrincipalName ?? ''),
      email: String(attributes.mail ?? attributes.userPrincipalName ?? ''),
      name: String(attributes.displayName ?? ''),
      active: attributes.accountEnabled !== false,
      // A user object does not tell administrators; here they are those whom nobody else shares the type with.
      admin: attributes.employeeType === 'Admin',
    };
  },

  setActive(attributes, active) {
    attributes.accountEnabled = active;
  },

  /** The name for signing in follows the address where it was the same before. */
  setEmail(attributes, email) {
    const hasMail = attributes.mail !== null;
    if (!hasMail || attributes.userPrincipalName === attributes.mail) {
      attributes.userPrincipalName = email;
      attributes.mailNickname = localPart(email);
    }
    if (!hasMail) return;
    attributes.mail = email;
    attributes.proxyAddresses = [`SMTP:${email}`];
  },

  setJob(attributes, person) {
    attributes.jobTitle = person.jobTitle;
    attributes.department = person.department;
  },
};
