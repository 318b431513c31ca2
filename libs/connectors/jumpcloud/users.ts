import {
  type ConnectorContext,
  isJsonObject,
  pageDigest,
  readRecord,
  readRecords,
  recordWithoutId,
  textIdOf,
  textOrNull,
  type UserAnswer,
  type UserPage,
  type UserReference,
  VendorError,
} from '@rollcall/connector-kit';
import { type RawUser, type Role, type SourceStatus } from '@rollcall/contracts';

import { getSystemUser, listSystemUsers } from './client.js';

/** The most that the vendor gives at once. */
const limit = 100;
const defaultRole: Role = { value: 'User', origin: 'default' };

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/**
 * Suspended is the vendor's deactivation. A staged user is not yet activated and a locked one is locked for a while;
 * neither is inactive, and a state that is not known here never counts as inactive (V25).
 */
function statusOf({ suspended, state }: Record<string, unknown>): SourceStatus {
  if (suspended === true || state === 'SUSPENDED') return 'inactive';
  const isReadable = suspended === false || isAbsent(suspended);
  if (isReadable && (state === 'ACTIVATED' || state === 'STAGED')) return 'active';
  return suspended === false && isAbsent(state) ? 'active' : 'unknown';
}

/** Users have no role of their own; administrators have one (README, unverified). */
function roleOf(admin: unknown): Role {
  const name = isJsonObject(admin) ? textOrNull(admin['roleName']) : null;
  return name === null ? defaultRole : { value: name, origin: 'vendor' };
}

/** @throws VendorError when there is no id: a record that cannot be noted as seen would look like a leaver. */
export function readUser(value: unknown): RawUser {
  const raw = isJsonObject(value) ? value : {};
  const id = textIdOf(raw, '_id') ?? textIdOf(raw, 'id');
  if (id === null) throw recordWithoutId('JumpCloud', '_id');
  return {
    id,
    status: statusOf(raw),
    role: roleOf(raw['admin']),
    lastActivityAt: null,
    administrator: isJsonObject(raw['admin']),
    username: textOrNull(raw['username']),
    raw,
  };
}

export async function* listUsers(context: ConnectorContext): AsyncGenerator<UserPage> {
  for (let skip = 0; ;) {
    const { results, totalCount, answer } = await listSystemUsers(context, 'list', { limit, skip });
    skip += results.length;
    const last = skip >= totalCount;
    yield {
      users: readRecords(results, readUser),
      askedAt: answer.askedAt,
      last,
      total: totalCount,
      digest: pageDigest(answer.text),
    };
    // An empty page before the end would ask for itself for ever; readAllUsers names it.
    if (last || results.length === 0) return;
  }
}

export async function getUser(context: ConnectorContext, { vendorId }: UserReference): Promise<UserAnswer> {
  const found = await getSystemUser(context, vendorId);
  if (found === null) return { kind: 'gone', text: `JumpCloud has no user with id ${vendorId}.` };
  const user = readRecord(found, () => readUser(found));
  if (user.id !== vendorId) {
    throw new VendorError('vendor-answer-unexpected', 'JumpCloud answered another user than the one asked for.');
  }
  return { kind: 'found', user };
}

/** The cheapest read that needs the right to see users. */
export async function check(context: ConnectorContext): Promise<void> {
  await listSystemUsers(context, 'check', { limit: 1, skip: 0 });
}
