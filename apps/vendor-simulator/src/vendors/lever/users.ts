import { z } from 'zod';

import type { Account, Attributes } from '../../company/account.js';
import type { Effect, EffectName, Reply, VendorContext } from '../vendor.js';
import { newUser } from './account-shape.js';
import { userText } from './listing.js';
import { badRequest, jsonText } from './replies.js';

export type UsersContext = Pick<VendorContext<unknown>, 'directory' | 'clock' | 'random'>;

const given = {
  name: z.string().min(1),
  email: z.string().min(3),
  accessRole: z.string().min(1),
  externalDirectoryId: z.string().nullish(),
  jobTitle: z.string().nullish(),
  managerId: z.string().nullish(),
};
const createSchema = z.object({ ...given, accessRole: given.accessRole.optional() });
const replaceSchema = z.object(given);

const effect = (name: EffectName, { id, username }: Account): Effect => ({ effect: name, id, username });
const wrapped = (account: Account, effects: readonly Effect[], status = 200): Reply =>
  jsonText(`{"data":${userText(account)}}`, effects, status);

/** `POST /users`. */
export function createUser({ directory, clock, random }: UsersContext, body: unknown): Reply {
  const parsed = createSchema.safeParse(body);
  if (!parsed.success) return badRequest(`Invalid user: ${pathsOf(parsed.error)}.`);
  if (directory.findByEmail(parsed.data.email)) return badRequest('A user with this email already exists.');
  const createdMs = clock.nowMs();
  const id = directory.shape.newId(random, directory.nextSerial(), createdMs);
  const account = directory.add(id, newUser(id, createdMs, filled(parsed.data)), null);
  return wrapped(account, [effect('create', account)], 201);
}

/** `PUT /users/{id}` replaces what may be set. */
export function replaceUser({ directory }: UsersContext, account: Account, body: unknown): Reply {
  const parsed = replaceSchema.safeParse(body);
  if (!parsed.success) return badRequest(`Invalid user: ${pathsOf(parsed.error)}.`);
  const changed = directory.update(account, (attributes) => {
    Object.assign(attributes, { externalDirectoryId: null, jobTitle: null, managerId: null }, filled(parsed.data));
    directory.shape.setEmail(attributes, parsed.data.email);
  });
  return wrapped(account, changed ? [effect('update', account)] : []);
}

/** `POST /users/{id}/deactivate` and `/reactivate`; repeating one changes nothing and is no error. */
export function setActive({ directory, clock }: UsersContext, account: Account, active: boolean): Reply {
  const at = clock.nowMs();
  const changed = directory.update(account, (attributes) => {
    attributes.deactivatedAt = active ? null : (attributes.deactivatedAt ?? at);
  });
  return wrapped(account, changed ? [effect(active ? 'enable' : 'disable', account)] : []);
}

function filled(data: Attributes): Attributes {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

function pathsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
}
