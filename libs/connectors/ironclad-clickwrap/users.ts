import {
  type ConnectorContext,
  isJsonObject,
  pageDigest,
  readRecords,
  recordWithoutId,
  textOrNull,
  type UserAnswer,
  type UserPage,
  VendorError,
} from '@rollcall/connector-kit';
import { type RawUser } from '@rollcall/contracts';

import { findAccount } from './account.js';
import { listMembers } from './client.js';

const perPage = 100;
const canonicalId = /^(?:0|[1-9]\d{0,18})$/;

/** Ids are numbers; one too large to be kept exactly as one comes as a text of its digits (V23). */
function idOf(value: unknown): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (typeof value === 'string' && canonicalId.test(value)) return value;
  throw recordWithoutId('Ironclad Clickwrap', 'id');
}

/** Whoever is listed is active: the vendor has no mark for others, and an address not yet verified is no such mark. */
export function readUser(value: unknown): RawUser {
  const raw = isJsonObject(value) ? value : {};
  return {
    id: idOf(raw['id']),
    status: 'active',
    role: null,
    lastActivityAt: null,
    administrator: false,
    username: textOrNull(raw['email']),
    raw,
  };
}

export async function* listUsers(context: ConnectorContext): AsyncGenerator<UserPage> {
  const account = await findAccount(context, 'list');
  let listed = 0;
  for (let page = 1; ; page += 1) {
    const { data, hasMore, total, answer } = await listMembers(context, 'list', account, { page, perPage });
    listed += data.length;
    yield {
      users: readRecords(data, readUser),
      askedAt: answer.askedAt,
      last: !hasMore,
      total,
      digest: pageDigest(answer.text),
    };
    if (!hasMore) return;
    checkEnd(listed, total, page);
  }
}

/** Page numbers differ, so pages that repeat themselves would not be noticed by their text alone. */
function checkEnd(listed: number, total: number | null, page: number): void {
  if (total === null || listed < total) return;
  throw new VendorError(
    'read-count-mismatch',
    `Ironclad Clickwrap states ${total} users and has listed ${listed}, but says that more follow.`,
    { retriable: true, details: { page } },
  );
}

/** Always throws: without a call for single users nothing definite can be said of one. */
export function getUser(): Promise<UserAnswer> {
  const sentence = 'Ironclad Clickwrap has no call for single users, so it cannot be asked about one.';
  return Promise.reject(new VendorError('vendor-refused', sentence));
}

/** The cheapest reads that prove the key and find its account. */
export async function check(context: ConnectorContext): Promise<void> {
  const account = await findAccount(context, 'check');
  await listMembers(context, 'check', account, { page: 1, perPage: 1 });
}
