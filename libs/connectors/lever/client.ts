import {
  type ConnectorContext,
  isJsonObject,
  parseVendorJson,
  type RefusalWords,
  refusedAnswer,
  textOrNull,
  type VendorAnswer,
  type VendorError,
  type VendorRequest,
  vendorWords,
} from '@rollcall/connector-kit';

import { expiredOffset, nextOf, type Page, pageQuery } from './paging.js';
import { unexpected } from './unexpected.js';

export interface UserList {
  readonly users: readonly unknown[];
  /** Opaque cursor of the next page, null on the last one. */
  readonly next: string | null;
  readonly answer: VendorAnswer;
}

/** The vendor's words, `{code, message}`; nothing when the answer is no JSON object. */
function wordsOf(text: string): RefusalWords {
  return vendorWords(text, ({ code, message }) => ({ code: textOrNull(code), message: textOrNull(message) })) ?? {};
}

function refusal(answer: VendorAnswer): VendorError {
  return refusedAnswer('Lever', answer, wordsOf(answer.text));
}

/**
 * GET /users. Without `includeDeactivated` those users are simply missing and would look like leavers.
 * https://hire.lever.co/developer/documentation#list-all-users
 */
export async function listLeverUsers(
  { http }: ConnectorContext,
  operation: VendorRequest['operation'],
  page: Page,
): Promise<UserList> {
  const query = { ...pageQuery(page), includeDeactivated: 'true' };
  const answer = await http.request({ operation, method: 'GET', path: '/users', query });
  if (answer.status >= 400) {
    const expired = page.offset === null ? null : expiredOffset(answer, wordsOf(answer.text));
    throw expired ?? refusal(answer);
  }
  const body = parseVendorJson(answer.text);
  if (!isJsonObject(body) || !Array.isArray(body['data'])) throw unexpected('something else than a list of users');
  return { users: body['data'], next: nextOf(body), answer };
}

/**
 * GET /users/{id}: the user, or null by the vendor's definite "not found", which names its code. Any other 404 is not
 * that. https://hire.lever.co/developer/documentation#retrieve-a-single-user
 */
export async function getLeverUser({ http }: ConnectorContext, id: string): Promise<Record<string, unknown> | null> {
  const answer = await http.request({ operation: 'get', method: 'GET', path: `/users/${encodeURIComponent(id)}` });
  if (answer.status === 404 && wordsOf(answer.text).code === 'ResourceNotFound') return null;
  if (answer.status >= 400) throw refusal(answer);
  const body = parseVendorJson(answer.text, { recordDepth: 1 });
  if (!isJsonObject(body) || !isJsonObject(body['data'])) throw unexpected('something else than a user');
  return body['data'];
}
