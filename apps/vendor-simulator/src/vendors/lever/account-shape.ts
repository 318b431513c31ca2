import type { AccountInput, AccountShape, Attributes } from '../../company/account.js';
import { EPOCH_DAY_MS } from '../../company/clock.js';
import { fullNameOf } from '../../company/person.js';
import type { Random } from '../../company/random.js';

const ADMINISTRATOR = 'super admin';
const ROLES = ['admin', 'team member', 'limited team member', 'interviewer', 'interviewer', 'interviewer'];

export function newUuid(random: Random): string {
  const hex = random.hex(30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}

/** A user as the vendor makes one from the given fields alone. */
export function newUser(id: string, createdMs: number, given: Attributes): Attributes {
  return {
    id,
    name: '',
    username: String(given.email ?? '').split('@')[0],
    email: '',
    accessRole: 'interviewer',
    photo: null,
    createdAt: createdMs,
    deactivatedAt: null,
    externalDirectoryId: null,
    linkedContactIds: null,
    jobTitle: null,
    managerId: null,
    ...given,
  };
}

export const accountShape: AccountShape = {
  rewriteMovesToEnd: false,
  // The vendor has no other removal: the record stays, marked with the time.
  leaver: 'deactivated',

  newId: (random) => newUuid(random),

  build({ id, person, traits, createdMs, random }: AccountInput): Attributes {
    const attributes = newUser(id, createdMs, {
      name: fullNameOf(person),
      email: person.email,
      accessRole: traits.admin ? ADMINISTRATOR : random.pick(ROLES),
      jobTitle: person.jobTitle || null,
      ...traits.overrides,
    });
    if (!traits.active) accountShape.setActive(attributes, false);
    return attributes;
  },

  facts(attributes) {
    const email = String(attributes.email ?? '');
    const id = attributes.id;
    return {
      ...(id === undefined ? {} : { id: String(id) }),
      username: email,
      email,
      name: String(attributes.name ?? ''),
      active: attributes.deactivatedAt === null,
      admin: attributes.accessRole === ADMINISTRATOR,
    };
  },

  setActive(attributes, active) {
    if (active) attributes.deactivatedAt = null;
    else attributes.deactivatedAt ??= EPOCH_DAY_MS;
  },

  setEmail(attributes, email) {
    attributes.email = email;
    attributes.username = email.split('@')[0];
  },

  setJob(attributes, person) {
    attributes.jobTitle = person.jobTitle;
  },

  setManager(attributes, managerAccountId) {
    attributes.managerId = managerAccountId;
  },
};
