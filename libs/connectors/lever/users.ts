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

import { getLeverUser, listLeverUsers } from './client.js';
import { unexpected } from './unexpected.js';

/** The most that the vendor gives at once. */
const limit = 100;
const administratorRole = 'super admin';

/**
 * A time of deactivation is the only mark. Null, said aloud, is active; a field that is absent, zero or of another form
 * says nothing (V25, V26).
 */
function statusOf(user: Record<string, unknown>): SourceStatus {
  const { deactivatedAt } = user;
  if (deactivatedAt === null) return 'active';
  return typeof deactivatedAt === 'number' && Number.isInteger(deactivatedAt) && deactivatedAt > 0
    ? 'inactive'
    : 'unknown';
}

function roleOf(accessRole: unknown): Role | null {
  const value = textOrNull(accessRole);
  return value === null ? null : { value, origin: 'vendor' };
}

/** @throws VendorError when there is no id: a record that cannot be noted as seen would look like a leaver. */
export function readUser(value: unknown): RawUser {
  const raw = isJsonObject(value) ? value : {};
  const id = textIdOf(raw, 'id');
  if (id === null) throw recordWithoutId('Lever', 'id');
  return {
    id,
    status: statusOf(raw),
    role: roleOf(raw['accessRole']),
    lastActivityAt: null,
    administrator: raw['accessRole'] === administratorRole,
    username: textOrNull(raw['email']) ?? textOrNull(raw['username']),
    raw,
  };
}

export async function* listUsers(context: ConnectorContext): AsyncGenerator<UserPage> {
  const cursors = new Set<string>();
  for (let offset: string | null = null; ;) {
    const { users, next, answer } = await listLeverUsers(context, 'list', { limit, offset });
    yield {
      users: readRecords(users, readUser),
      askedAt: answer.askedAt,
      last: next === null,
      total: null,
      digest: pageDigest(answer.text),
    };
    if (next === null) return;
    if (cursors.has(next)) {
      throw new VendorError('read-page-repeated', 'Lever named a next page that was read before.');
    }
    cursors.add(next);
    offset = next;
  }
}

export async function getUser(context: ConnectorContext, { vendorId }: UserReference): Promise<UserAnswer> {
  const found = await getLeverUser(context, vendorId);
  if (found === null) return { kind: 'gone', text: `Lever has no user with id ${vendorId}.` };
  const user = readRecord(found, () => readUser(found));
  if (user.id !== vendorId) throw unexpected('another user than the one asked for');
  return { kind: 'found', user };
}

/** The cheapest read that needs the right to list users. */
export async function check(context: ConnectorContext): Promise<void> {
  await listLeverUsers(context, 'check', { limit: 1, offset: null });
}
