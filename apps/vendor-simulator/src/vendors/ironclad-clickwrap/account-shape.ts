import type { AccountInput, AccountShape, Attributes } from '../../company/account.js';
import { fullNameOf } from '../../company/person.js';
import { SimulatorError } from '../../simulator.errors.js';

const FIRST_ID = 5201;
/** Users have the short form, sites the long one; both occur. */
const TIME_ZONES = ['EDT', 'EDT', 'EDT', 'CEST', 'America/New_York'];
const LOCALES = ['en-US', 'en-US', 'en-GB', 'de-DE', 'fr-FR'];
const HOUR_MS = 3_600_000;

export const accountShape: AccountShape = {
  rewriteMovesToEnd: false,
  leaver: 'removed',

  newId: (_random, serial) => String(FIRST_ID + serial - 1),

  build({ id, person, traits, createdMs, random }: AccountInput): Attributes {
    const isVerified = traits.loggedIn ?? true;
    const created = new Date(createdMs).toISOString();
    return {
      id: Number(id),
      email: person.email,
      name: fullNameOf(person),
      locale: random.pick(LOCALES),
      time_zone: random.pick(TIME_ZONES),
      verified: isVerified,
      verified_time: isVerified ? new Date(createdMs + random.int(48) * HOUR_MS).toISOString() : null,
      profiles: [profileOf(person.email, fullNameOf(person), created)],
      ...traits.overrides,
    };
  },

  facts(attributes) {
    const email = String(attributes.email ?? '');
    const { id } = attributes;
    return {
      ...(id === undefined ? {} : { id: String(id) }),
      username: email,
      email,
      name: String(attributes.name ?? ''),
      active: true,
      admin: false,
    };
  },

  /** There is no inactive member; bringing somebody back who is there changes nothing. */
  setActive(_attributes, active) {
    if (active) return;
    const message = 'This vendor knows no inactive users. Remove the user instead (remove-user).';
    throw new SimulatorError('invalid-request', message);
  },

  setEmail(attributes, email) {
    attributes.email = email;
  },

  setJob() {
    // Neither title nor department is kept here.
  },
};

function profileOf(email: string, displayName: string, created: string): Attributes {
  return {
    provider: 'local',
    id: email,
    displayName,
    emails: [email],
    photos: [],
    created_time: created,
    updated_time: created,
  };
}
