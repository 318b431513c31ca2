import type { AccountInput, AccountShape, Attributes } from '../../company/account.js';
import { DAY_MS, EPOCH_DAY_MS } from '../../company/clock.js';
import { fullNameOf } from '../../company/person.js';

const FIRST_UNIX_ID = 5001;

/** What every user has, in the order of the vendor's replies; keys that the vendor leaves out when unset are not here. */
const DEFAULTS: Attributes = {
  account_locked: false,
  account_locked_date: null,
  activated: true,
  addresses: [],
  allow_public_key: true,
  attributes: [],
  company: '',
  costCenter: '',
  department: '',
  description: '',
  disableDeviceMaxLoginAttempts: false,
  displayname: '',
  email: '',
  employeeIdentifier: null,
  employeeType: '',
  enable_managed_uid: false,
  enable_user_portal_multifactor: false,
  external_dn: '',
  external_source_type: '',
  externally_managed: false,
  firstname: '',
  jobTitle: '',
  lastname: '',
  ldap_binding_user: false,
  location: '',
  mfa: { exclusion: false, configured: false },
  middlename: '',
  password_never_expires: false,
  passwordless_sudo: false,
  phoneNumbers: [],
  samba_service_user: false,
  ssh_keys: [],
  state: 'ACTIVATED',
  sudo: false,
  suspended: false,
  systemUsername: '',
  unix_guid: 0,
  unix_uid: 0,
  username: '',
  created: '',
  password_expired: false,
  totp_enabled: false,
  _id: '',
  id: '',
};

/** A user as the vendor makes one from the given fields alone. */
export function newUser(id: string, serial: number, createdMs: number, given: Attributes): Attributes {
  const unix = FIRST_UNIX_ID + serial - 1;
  const created = new Date(createdMs).toISOString();
  // One copy, then overwrites: spreading twice made a large company twice as slow to build.
  return Object.assign({ ...DEFAULTS }, given, { unix_guid: unix, unix_uid: unix, created, _id: id, id });
}

export const accountShape: AccountShape = {
  // The unsorted order of a document store is not kept when a document is rewritten: a listing without `sort` may miss it.
  rewriteMovesToEnd: true,
  leaver: 'removed',

  /** 24 hexadecimal digits: seconds of creation, then random. So ids are sorted by age, not by the order of listing. */
  newId: (random, _serial, createdMs) =>
    Math.floor(createdMs / 1000)
      .toString(16)
      .padStart(8, '0') + random.hex(16),

  build({ id, serial, person, traits, createdMs, random }: AccountInput): Attributes {
    const expiresMs = EPOCH_DAY_MS + (traits.passwordExpired ? -3 : 20 + random.int(70)) * DAY_MS;
    const isActivated = traits.loggedIn ?? true;
    const given: Attributes = {
      activated: isActivated,
      company: 'Harbour Example Ltd',
      department: person.department,
      displayname: fullNameOf(person),
      email: person.email,
      employeeIdentifier: person.id === 'nobody' ? null : `E-${person.id.slice(1)}`,
      employeeType: person.id === 'nobody' ? 'Service' : 'Staff',
      firstname: person.firstName,
      jobTitle: person.jobTitle,
      lastname: person.lastName,
      username: person.email.split('@')[0],
      password_expired: traits.passwordExpired ?? false,
      ...(isActivated ? { password_expiration_date: new Date(expiresMs).toISOString() } : {}),
      ...(traits.locked ? { account_locked: true, account_locked_date: new Date(EPOCH_DAY_MS).toISOString() } : {}),
      ...(traits.admin
        ? { admin: { id: random.hex(24), roleName: 'Administrator', roleNames: ['Administrator'] } }
        : {}),
      ...traits.overrides,
    };
    const attributes = newUser(id, serial, createdMs, given);
    if (!isActivated) attributes.state = 'STAGED';
    if (!traits.active) accountShape.setActive(attributes, false);
    return attributes;
  },

  facts(attributes) {
    const id = attributes._id;
    return {
      ...(id === undefined ? {} : { id: String(id) }),
      username: String(attributes.username ?? ''),
      email: String(attributes.email ?? ''),
      name: String(attributes.displayname ?? ''),
      active: attributes.suspended !== true && attributes.state !== 'SUSPENDED',
      admin: typeof attributes.admin === 'object' && attributes.admin !== null,
    };
  },

  setActive(attributes, active) {
    attributes.suspended = !active;
    attributes.state = active ? 'ACTIVATED' : 'SUSPENDED';
    if (active) attributes.activated = true;
  },

  setEmail(attributes, email) {
    attributes.email = email;
  },

  setJob(attributes, person) {
    attributes.jobTitle = person.jobTitle;
    attributes.department = person.department;
  },

  setManager(attributes, managerAccountId) {
    attributes.manager = managerAccountId;
  },
};
