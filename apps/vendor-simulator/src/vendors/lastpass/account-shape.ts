import type { AccountInput, AccountShape, Attributes } from '../../company/account.js';
import { DAY_MS, EPOCH_DAY_MS } from '../../company/clock.js';
import { fullNameOf } from '../../company/person.js';
import { easternTime } from './eastern-time.js';

/** Ids are numbers; they appear only as keys of `Users`, never inside a user. */
const FIRST_ID = 449_000_101;

export const accountShape: AccountShape = {
  rewriteMovesToEnd: false,
  leaver: 'removed',
  newId: (_random, serial) => String(FIRST_ID + serial - 1),

  build({ person, traits, createdMs, random }: AccountInput): Attributes {
    const loggedIn = traits.loggedIn ?? true;
    const lastLoginMs = EPOCH_DAY_MS - random.int(30 * 86_400) * 1000;
    const counter = (below: number) => (loggedIn ? random.int(below) : null);
    return {
      username: person.email,
      fullname: fullNameOf(person),
      // Strings, unlike the counters below: so does the vendor.
      mpstrength: loggedIn ? String(40 + random.int(61)) : '0',
      created: easternTime(createdMs),
      last_pw_change: easternTime(loggedIn ? createdMs + random.int(20) * DAY_MS : createdMs),
      last_login: loggedIn ? easternTime(Math.max(lastLoginMs, createdMs)) : '',
      neverloggedin: !loggedIn,
      disabled: !traits.active,
      admin: traits.admin ?? false,
      totalscore: loggedIn ? String(random.int(1001) / 10) : null,
      duousername: null,
      sites: counter(90),
      notes: counter(12),
      formfills: counter(4),
      applications: counter(3),
      attachments: counter(3),
      password_reset_required: !loggedIn,
      ...(traits.grouped ? { groups: [person.department] } : {}),
      ...traits.overrides,
    };
  },

  facts(attributes) {
    const username = String(attributes.username ?? '');
    return {
      username,
      email: username,
      name: String(attributes.fullname ?? ''),
      active: attributes.disabled !== true,
      admin: attributes.admin === true,
      groups: Array.isArray(attributes.groups) ? attributes.groups.map(String) : undefined,
    };
  },

  setActive(attributes, active) {
    attributes.disabled = !active;
  },

  setEmail(attributes, email) {
    attributes.username = email;
  },

  /** No titles here; the department is a group. */
  setJob(attributes, person) {
    if (Array.isArray(attributes.groups)) attributes.groups = [person.department];
  },
};
