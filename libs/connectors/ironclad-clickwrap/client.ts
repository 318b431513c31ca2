import {
  type ConnectorContext,
  expiredCursor,
  isJsonObject,
  parseVendorJson,
  refusedAnswer,
  textOrNull,
  unexpectedAnswer,
  type VendorAnswer,
  VendorError,
  type VendorRequest,
  vendorWords,
} from '@rollcall/connector-kit';

/** One page of any of the vendor's collections. */
export interface Collection {
  readonly data: readonly unknown[];
  readonly hasMore: boolean;
  readonly total: number | null;
  readonly perPage: number | null;
  readonly answer: VendorAnswer;
}

export interface PageWish {
  /** Counted from one. */
  readonly page: number;
  readonly perPage: number;
}

export const unexpected = (what: string): VendorError => unexpectedAnswer('Ironclad Clickwrap', what);

/**
 * The vendor's words: `{error: {message, status, name, code}}`, and in other forms from what lies before it.
 * https://clickwrap-developer.ironcladapp.com/reference/rate-limits
 */
function messageOf(text: string): string | null {
  return vendorWords(text, ({ error, error_description: description, message }) => {
    const inner = isJsonObject(error) ? textOrNull(error['message']) : (textOrNull(description) ?? textOrNull(error));
    return inner ?? textOrNull(message);
  });
}

function refusal(answer: VendorAnswer): VendorError {
  return refusedAnswer('Ironclad Clickwrap', answer, { message: messageOf(answer.text) });
}

function countOf(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unexpected(`a list whose ${name} is not a number`);
}

/** An answer for another page, or one that counts wrong, is not the page that was asked for. */
function checkPage(body: Record<string, unknown>, found: number, { page }: PageWish): void {
  const answered = countOf(body['page'], 'page');
  if (answered !== null && answered !== page) throw unexpected(`page ${answered} when asked for page ${page}`);
  const count = countOf(body['count'], 'count');
  if (count === null || count === found) return;
  throw new VendorError(
    'read-count-mismatch',
    `Page ${page} of Ironclad Clickwrap holds ${found} records, but ${count} were announced.`,
    { retriable: true, details: { page } },
  );
}

async function listCollection(
  { http }: ConnectorContext,
  operation: VendorRequest['operation'],
  path: string,
  wish: PageWish,
): Promise<Collection> {
  const query = { page: wish.page, per_page: wish.perPage };
  const answer = await http.request({ operation, method: 'GET', path, query });
  if (answer.status >= 400) {
    throw (wish.page > 1 ? expiredCursor('Ironclad Clickwrap', answer, {}) : null) ?? refusal(answer);
  }
  const body = parseVendorJson(answer.text);
  if (!isJsonObject(body) || !Array.isArray(body['data'])) throw unexpected('something else than a list');
  const { data, has_more: hasMore } = body;
  if (typeof hasMore !== 'boolean') throw unexpected('a list that does not say whether it goes on');
  checkPage(body, data.length, wish);
  const [total, perPage] = [countOf(body['total_count'], 'total'), countOf(body['per_page'], 'page size')];
  return { data, hasMore, total, perPage, answer };
}

/** GET /sites: the sites that the key sees. https://clickwrap-developer.ironcladapp.com/reference/get_sites */
export function listSites(
  context: ConnectorContext,
  operation: VendorRequest['operation'],
  wish: PageWish,
): Promise<Collection> {
  return listCollection(context, operation, '/sites', wish);
}

/**
 * GET /accounts/{id}/members: everybody who is a member of the account.
 * https://clickwrap-developer.ironcladapp.com/reference/retrieve-user-memberships-for-an-account-1
 */
export function listMembers(
  context: ConnectorContext,
  operation: VendorRequest['operation'],
  account: string,
  wish: PageWish,
): Promise<Collection> {
  return listCollection(context, operation, `/accounts/${encodeURIComponent(account)}/members`, wish);
}
