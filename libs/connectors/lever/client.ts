import {
  type ConnectorContext,
  expiredCursor,
  isJsonObject,
  parseVendorJson,
  type RefusalWords,
  refusedAnswer,
  textOrNull,
  unexpectedAnswer,
  type VendorAnswer,
  type VendorError,
  type VendorRequest,
  vendorWords,
} from '@rollcall/connector-kit';

export interface UserList {
  readonly users: readonly unknown[];
  /** Opaque cursor of the next page, null on the last one. */
  readonly next: string | null;
  readonly answer: VendorAnswer;
}

export const unexpected = (what: string): VendorError => unexpectedAnswer('Lever', what);

/** The vendor's words, `{code, message}`; nothing when the answer is no JSON object. */
function wordsOf(text: string): RefusalWords {
  return vendorWords(text, ({ code, message }) => ({ code: textOrNull(code), message: textOrNull(message) })) ?? {};
}

/** Seen by a client of the vendor; the status of it is not known (README). */
const cursorWords = { message: /invalid offset token/i };

function refusal(answer: VendorAnswer): VendorError {
  return refusedAnswer('Lever', answer, wordsOf(answer.text));
}

/** The end is `hasNext: false`, where `next` is left out. */
function nextOf(body: Record<string, unknown>): string | null {
  const { hasNext, next } = body;
  if (hasNext === false) return null;
  const cursor = textOrNull(next);
  if (hasNext !== true || cursor === null) throw unexpected('a list of users that does not say whether it goes on');
  return cursor;
}

/**
 * GET /users. Without `includeDeactivated` those users are simply missing and would look like leavers. The cursor is
 * opaque and looks percent-encoded already: it is encoded once more, like any value, and never decoded.
 * https://hire.lever.co/developer/documentation#list-all-users
 */
export async function listLeverUsers(
  { http }: ConnectorContext,
  operation: VendorRequest['operation'],
  page: { readonly limit: number; readonly offset: string | null },
): Promise<UserList> {
  const { limit, offset } = page;
  const query = { limit, includeDeactivated: 'true', ...(offset === null ? {} : { offset }) };
  const answer = await http.request({ operation, method: 'GET', path: '/users', query });
  if (answer.status >= 400) {
    const expired = offset === null ? null : expiredCursor('Lever', answer, wordsOf(answer.text), cursorWords);
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
