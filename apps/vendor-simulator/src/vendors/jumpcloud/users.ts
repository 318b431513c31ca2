import { z } from 'zod';

import type { Account, Attributes } from '../../company/account.js';
import { attributesOf } from '../../company/directory.js';
import type { Effect, EffectName, Reply, VendorContext } from '../vendor.js';
import { newUser } from './account-shape.js';
import { empty, invalidArgument, json, jsonText, message } from './replies.js';

export type UsersContext = Pick<VendorContext<unknown>, 'directory' | 'clock' | 'random'>;

const state = z.enum(['STAGED', 'ACTIVATED', 'SUSPENDED']);
const changeSchema = z.looseObject({
  username: z.string().min(1).optional(),
  email: z.string().min(1).optional(),
  state: state.optional(),
  suspended: z.boolean().optional(),
  account_locked: z.boolean().optional(),
  password: z.string().optional(),
});

const effect = (name: EffectName, { id, username }: Account): Effect => ({ effect: name, id, username });

/** `POST /systemusers`. */
export function createUser(context: UsersContext, body: unknown, fullDetails: boolean): Reply {
  const parsed = changeSchema.safeParse(body);
  if (!parsed.success) return invalidArgument('Validation failed: the user could not be read');
  const { username, email } = parsed.data;
  if (!username || !email) return invalidArgument(`Validation failed: ${username ? 'email' : 'username'} is required`);
  const refusal = refusePassword(parsed.data.password, fullDetails) ?? refuseTaken(context, parsed.data, null);
  if (refusal) return refusal;
  const { directory, clock, random } = context;
  const createdMs = clock.nowMs();
  const serial = directory.nextSerial();
  const id = directory.shape.newId(random, serial, createdMs);
  const attributes = newUser(id, serial, createdMs, { displayname: nameOf(parsed.data), ...writable(parsed.data) });
  followState(attributes, parsed.data);
  const account = directory.add(id, attributes, null);
  return jsonText(account.json, [effect('create', account)]);
}

/** `PUT /systemusers/{id}`: only the fields given change. */
export function updateUser(context: UsersContext, account: Account, body: unknown, fullDetails: boolean): Reply {
  const parsed = changeSchema.safeParse(body);
  if (!parsed.success) return invalidArgument('Validation failed: the user could not be read');
  const refusal = refusePassword(parsed.data.password, fullDetails) ?? refuseTaken(context, parsed.data, account);
  if (refusal) return refusal;
  const before = { active: account.active, locked: attributesOf(account).account_locked === true };
  const changed = context.directory.update(account, (attributes) => {
    Object.assign(attributes, writable(parsed.data));
    followState(attributes, parsed.data);
  });
  return jsonText(account.json, changed ? [effect(updateName(before, account), account)] : []);
}

/** `DELETE /systemusers/{id}`: somebody's manager is only deleted when the caller says what becomes of the reports. */
export function deleteUser({ directory }: UsersContext, account: Account, cascadeManager: string | null): Reply {
  const reports = directory.accounts.filter(
    (other) => other.json.includes(account.id) && attributesOf(other).manager === account.id,
  );
  if (reports.length > 0 && cascadeManager !== 'null') {
    return message(409, `User is the manager of ${reports.length} users; use cascade_manager=null to clear it`);
  }
  const effects = reports.map((other) => {
    directory.update(other, (attributes) => {
      delete attributes.manager;
    });
    return effect('update', other);
  });
  directory.remove(account);
  return jsonText(account.json, [...effects, effect('delete', account)]);
}

type Action = (attributes: Attributes) => void;

/** `POST /systemusers/{id}/…`; repeating one is no error. */
export const ACTIONS: Readonly<Record<string, { name: EffectName; apply: Action; replies: () => Reply }>> = {
  unlock: { name: 'unlock', apply: unlock, replies: empty },
  expire: {
    name: 'expire',
    apply: (attributes) => {
      attributes.password_expired = true;
    },
    replies: empty,
  },
  resetmfa: {
    name: 'reset-mfa',
    apply: (attributes) => {
      attributes.totp_enabled = false;
      attributes.mfa = { exclusion: false, configured: false };
    },
    replies: empty,
  },
  'state/activate': {
    name: 'activate',
    apply: (attributes) => {
      Object.assign(attributes, { state: 'ACTIVATED', activated: true, suspended: false });
    },
    replies: () => json({}),
  },
};

/** Runs one of ACTIONS; an effect is reported only when the user is different afterwards. */
export function actOn({ directory }: UsersContext, account: Account, action: string): Reply {
  const found = ACTIONS[action];
  if (!found) return message(404, 'Not Found');
  const changed = directory.update(account, found.apply);
  return { ...found.replies(), effects: changed ? [effect(found.name, account)] : [] };
}

function unlock(attributes: Attributes): void {
  attributes.account_locked = false;
  attributes.account_locked_date = null;
}

/** Never stored or shown: the password. Never changed by a caller: the ids. */
function writable(given: Attributes): Attributes {
  const { password: _password, _id, id: _otherId, ...rest } = given;
  return rest;
}

/** `state` and `suspended` say the same thing; whichever is sent carries the other along. */
function followState(attributes: Attributes, given: Attributes): void {
  if (given.state !== undefined) attributes.suspended = given.state === 'SUSPENDED';
  else if (given.suspended !== undefined) attributes.state = given.suspended === true ? 'SUSPENDED' : 'ACTIVATED';
  attributes.activated = attributes.state !== 'STAGED' && attributes.activated !== false;
  if (given.state === 'ACTIVATED') attributes.activated = true;
  if (given.account_locked === false) unlock(attributes);
}

function updateName(before: { active: boolean; locked: boolean }, account: Account): EffectName {
  if (before.active !== account.active) return account.active ? 'enable' : 'disable';
  return before.locked && attributesOf(account).account_locked !== true ? 'unlock' : 'update';
}

function nameOf(given: Attributes): string {
  return [given.firstname, given.lastname].filter((part) => typeof part === 'string').join(' ');
}

function refuseTaken({ directory }: UsersContext, given: Attributes, own: Account | null): Reply | null {
  const { username, email } = given;
  const isTaken = directory.accounts.some(
    (other) => other !== own && ((username && other.username === username) || (email && other.email === email)),
  );
  return isTaken ? message(400, 'User already exists') : null;
}

function refusePassword(password: string | undefined, fullDetails: boolean): Reply | null {
  if (password === undefined) return null;
  const violations: string[] = [];
  if (password.length < 8) violations.push('minLength');
  if (!/[^A-Za-z0-9]/.test(password)) violations.push('specialCharacter');
  if (violations.length === 0) return null;
  const fieldViolationsList = violations.map((description) => ({ field: 'password', description }));
  const details = [{ fieldViolationsList, '@type': 'type.googleapis.com/google.rpc.BadRequest' }];
  return invalidArgument('Password validation fail', fullDetails ? details : undefined);
}
