import {
  type ConnectorContext,
  expiredCursor,
  isJsonObject,
  parseVendorJson,
  refusedAnswer,
  textOrNull,
  unexpectedAnswer,
  type VendorAnswer,
  type VendorError,
  type VendorRequest,
  vendorWords,
} from '@rollcall/connector-kit';

export interface UserList {
  readonly results: readonly unknown[];
  readonly totalCount: number;
  readonly answer: VendorAnswer;
}

const unexpected = (what: string): VendorError => unexpectedAnswer('JumpCloud', what);

/** Administrators of several organizations must name one. https://docs.jumpcloud.com/api/1.0/index.html */
function organization({ inputs }: ConnectorContext): Record<string, string> {
  const orgId = Object.hasOwn(inputs, 'orgId') ? inputs['orgId']?.trim() : undefined;
  return orgId ? { 'x-org-id': orgId } : {};
}

/** The vendor's words stand in `message`, seldom in `error`; null when the answer is no JSON object. */
function messageOf(text: string): string | null {
  return vendorWords(text, ({ message, error }) => textOrNull(message) ?? textOrNull(error));
}

function refusal(answer: VendorAnswer): VendorError {
  return refusedAnswer('JumpCloud', answer, { message: messageOf(answer.text) });
}

/**
 * Whether a 404 is the vendor's word about a user. The organization may be what was not found, and a web page, other JSON
 * or words about pages and hosts are those of something between us and the vendor.
 */
function saysGone(text: string): boolean {
  const plain = text.trim();
  if (plain === '') return true;
  const words = messageOf(plain) ?? (/^[\w\s.,:'-]*not found[\w\s.,:'-]*$/i.test(plain) ? plain : null);
  return words !== null && !/organi[sz]ation|\b(page|path|route|host|backend|server)\b/i.test(words);
}

/**
 * GET /systemusers. `sort=_id` always goes along: without an order, paging by `skip` misses and repeats users.
 * https://docs.jumpcloud.com/api/1.0/index.html#operation/systemusers_list
 */
export async function listSystemUsers(
  context: ConnectorContext,
  operation: VendorRequest['operation'],
  page: { readonly limit: number; readonly skip: number },
): Promise<UserList> {
  const answer = await context.http.request({
    operation,
    method: 'GET',
    path: '/systemusers',
    query: { sort: '_id', ...page },
    headers: organization(context),
  });
  if (answer.status >= 400) throw (page.skip > 0 ? expiredCursor('JumpCloud', answer, {}) : null) ?? refusal(answer);
  const body = parseVendorJson(answer.text);
  if (!isJsonObject(body) || !Array.isArray(body['results'])) throw unexpected('something else than a list of users');
  const totalCount = body['totalCount'];
  if (typeof totalCount !== 'number' || !Number.isSafeInteger(totalCount) || totalCount < 0) {
    throw unexpected('a list of users without its total');
  }
  return { results: body['results'], totalCount, answer };
}

/**
 * GET /systemusers/{id}: the user, or null by the vendor's definite "not found".
 * https://docs.jumpcloud.com/api/1.0/index.html#operation/systemusers_get
 */
export async function getSystemUser(context: ConnectorContext, id: string): Promise<Record<string, unknown> | null> {
  const answer = await context.http.request({
    operation: 'get',
    method: 'GET',
    path: `/systemusers/${encodeURIComponent(id)}`,
    headers: organization(context),
  });
  if (answer.status === 404 && saysGone(answer.text)) return null;
  if (answer.status >= 400) throw refusal(answer);
  const body = parseVendorJson(answer.text, { recordDepth: 0 });
  if (!isJsonObject(body)) throw unexpected('something else than a user');
  return body;
}
