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
import { type RawUser, type SourceStatus } from '@rollcall/contracts';

import { getGraphUser, type GraphPage, listGraphUsers, nextGraphUsers } from './client.js';
import { filterOf } from './filter.js';
import { largestPage, selectedProperties } from './properties.js';
import { addressLength, longestAddress, throughFilter } from './query.js';

/** A page without users that names a next one is legal here; so many in one listing are not (V13). */
const mostEmptyPages = 1000;

function unexpected(what: string): VendorError {
  return new VendorError('vendor-answer-unexpected', `Microsoft Entra ID ${what}.`);
}

/** Only the vendor's own two words count: a field that is gone or changed its type says nothing (V25, V26). */
function statusOf(accountEnabled: unknown): SourceStatus {
  if (accountEnabled === true) return 'active';
  return accountEnabled === false ? 'inactive' : 'unknown';
}

/** @throws VendorError when there is no id: a record that cannot be noted as seen would look like a leaver. */
export function readUser(value: unknown): RawUser {
  const raw = isJsonObject(value) ? value : {};
  const id = textIdOf(raw, 'id');
  if (id === null) throw recordWithoutId('Microsoft Entra ID', 'id');
  return {
    id,
    status: statusOf(raw['accountEnabled']),
    role: null,
    lastActivityAt: null,
    administrator: false,
    username: textOrNull(raw['userPrincipalName']),
    raw,
  };
}

/**
 * The count stands on the first page only and comes from an index that lags a little, so it is no exact total. Far from
 * it, pages were lost or the vendor contradicts itself (V11, V12).
 */
function checkCount(stated: number | null, listed: number): void {
  if (stated === null || Math.abs(stated - listed) <= Math.max(3, Math.ceil(stated / 100))) return;
  throw new VendorError(
    'read-count-mismatch',
    `Microsoft Entra ID states ${stated} users, but ${listed} were listed.`,
    { retriable: true, details: { stated, listed } },
  );
}

function checkCursor(cursors: Set<string>, nextLink: string): void {
  const cursor = pageDigest(nextLink);
  if (cursors.has(cursor)) {
    throw new VendorError('read-page-repeated', 'Microsoft Entra ID named a next page that was read before.');
  }
  cursors.add(cursor);
}

/**
 * The first page. A filter needs an advanced query. Without one the count is the only reason for it, so the vendor is
 * asked in the plain way where it refuses: some directories do not know advanced queries.
 * https://learn.microsoft.com/en-us/azure/active-directory-b2c/microsoft-graph-operations
 */
async function firstPage(context: ConnectorContext, operation: 'list' | 'check', top?: number): Promise<GraphPage> {
  const properties = selectedProperties(context);
  const filter = filterOf(context);
  const advanced = { properties, top: top ?? largestPage(properties), filter, isAdvanced: true };
  const length = addressLength(advanced);
  if (filter !== null && length > longestAddress) throw addressTooLong(length);
  const plain = { ...advanced, isAdvanced: false };
  if (length > longestAddress) return listGraphUsers(context, operation, plain);
  try {
    return await listGraphUsers(context, operation, advanced);
  } catch (error) {
    const isRefused = error instanceof VendorError && error.code === 'vendor-refused' && error.status === 400;
    if (filter !== null || !isRefused) throw error;
    return listGraphUsers(context, operation, plain);
  }
}

function addressTooLong(length: number): VendorError {
  return new VendorError(
    'vendor-refused',
    `Filter and mapped properties together make an address of ${length} characters, and Microsoft takes ${longestAddress}. Nothing was asked. Shorten the filter, or map fewer properties that are not the connector's own.`,
  );
}

/** Pages as they come; those without users are left out while more follow, because for this vendor they mean nothing. */
export async function* listUsers(context: ConnectorContext): AsyncGenerator<UserPage> {
  const cursors = new Set<string>();
  let page: GraphPage = await firstPage(context, 'list');
  const { count } = page;
  for (let listed = 0, empty = 0; ;) {
    const { users, nextLink, answer } = page;
    listed += users.length;
    if (users.length === 0) empty += 1;
    if (nextLink === null) checkCount(count, listed);
    else checkCursor(cursors, nextLink);
    // One empty page too many is handed on, and readAllUsers names it.
    if (users.length > 0 || nextLink === null || empty > mostEmptyPages) {
      const digest = pageDigest(answer.text);
      yield {
        users: readRecords(users, readUser),
        askedAt: answer.askedAt,
        last: nextLink === null,
        total: null,
        digest,
      };
    }
    if (nextLink === null) return;
    page = await nextGraphUsers(context, page, nextLink);
  }
}

async function isListed(context: ConnectorContext, id: string, filter: string | null): Promise<boolean> {
  const { users, nextLink } = await listGraphUsers(context, 'get', throughFilter(id, filter));
  if (users.length === 0 && nextLink !== null) throw unexpected('did not say whether a filter lets a user through');
  const ids = users.map((user) => readUser(user).id);
  if (ids.some((other) => other !== id)) throw unexpected('answered another user than the one asked for');
  return ids.length > 0;
}

/**
 * Whether the load's filter lets an existing user through. A "no" counts only if the listing knows the user without the
 * filter: else it merely lags behind.
 */
async function isLetThrough(context: ConnectorContext, id: string, filter: string): Promise<boolean> {
  if (await isListed(context, id, filter)) return true;
  if (await isListed(context, id, null)) return false;
  throw unexpected('knows a user whom its listing does not show');
}

export async function getUser(context: ConnectorContext, { vendorId }: UserReference): Promise<UserAnswer> {
  const found = await getGraphUser(context, vendorId);
  if (found === null) return { kind: 'gone', text: `Microsoft Entra ID has no user with id ${vendorId}.` };
  const user = readRecord(found, () => readUser(found));
  if (user.id !== vendorId) throw unexpected('answered another user than the one asked for');
  const filter = filterOf(context);
  if (filter === null || user.status === 'inactive' || (await isLetThrough(context, vendorId, filter))) {
    return { kind: 'found', user };
  }
  return {
    kind: 'gone',
    text: `Microsoft Entra ID has the user with id ${vendorId}, but the filter of this load does not let them through.`,
  };
}

/** The cheapest read that needs the right to see users; with a filter it has the vendor judge it (R59). */
export async function check(context: ConnectorContext): Promise<void> {
  await firstPage(context, 'check', 1);
}
