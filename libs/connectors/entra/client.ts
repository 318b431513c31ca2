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

import { furtherInWords, refusedProperty, selectedProperties } from './properties.js';
import { listPath, type ListQuery, queryOf } from './query.js';

export interface GraphPage {
  readonly users: readonly unknown[];
  /** Address of the next page, null on the last one. */
  readonly nextLink: string | null;
  /** Users in the whole listing; the vendor says it on the first page only. */
  readonly count: number | null;
  /** Asked as an advanced query, and so must the pages behind it be. */
  readonly isAdvanced: boolean;
  readonly answer: VendorAnswer;
}

const unexpected = (what: string): VendorError => unexpectedAnswer('Microsoft Entra ID', what);

interface GraphError {
  readonly code: string | null;
  readonly message: string | null;
  readonly requestId: string | null;
}

/** `innerError` is spelled `innererror` by some of the vendor's services. */
function requestIdOf(error: Record<string, unknown>): string | null {
  const [, inner] = Object.entries(error).find(([key]) => key.toLowerCase() === 'innererror') ?? [];
  return isJsonObject(inner) ? textOrNull(inner['request-id']) : null;
}

/** Null when the answer is not the vendor's own form of an error. https://learn.microsoft.com/en-us/graph/errors */
function graphErrorOf(text: string): GraphError | null {
  return vendorWords(text, ({ error }) =>
    isJsonObject(error)
      ? { code: textOrNull(error['code']), message: textOrNull(error['message']), requestId: requestIdOf(error) }
      : null,
  );
}

function refusal(context: ConnectorContext, answer: VendorAnswer): VendorError {
  const { code = null, message = null, requestId = null } = graphErrorOf(answer.text) ?? {};
  const property = refusedProperty(context, message);
  const hint =
    property === null
      ? ''
      : `The mapping reads "${property}", which its users do not have: correct that path, or leave it out.`;
  return refusedAnswer('Microsoft Entra ID', answer, { message }, { hint, details: { code, requestId } });
}

/** Codes and words of an expired page; they differ between the vendor's services. */
const cursorWords = {
  codes: [
    'Directory_ExpiredPageToken',
    'Directory.ExpiredPageToken',
    'Request_ExpiredPageToken',
    'syncStateNotFound',
    'syncStateInvalid',
    'resyncRequired',
  ],
  message: /\b(page|skip|sync)[ _-]?(token|state)\b.*\b(expired|invalid|not (valid|known|found))\b/i,
};

/** What the mapping added may be why a right or a page is refused, in an answer whose words are not handed on. */
const mayConcernProperties: ReadonlySet<number | null> = new Set([403, 501]);

function withProperties(context: ConnectorContext, error: unknown): unknown {
  const further = furtherInWords(context);
  if (further === '' || !(error instanceof VendorError) || !mayConcernProperties.has(error.status)) return error;
  const { code, message, retriable, details } = error;
  return new VendorError(code, `${message}${further}`, { retriable, details });
}

async function ask(context: ConnectorContext, request: VendorRequest): Promise<VendorAnswer> {
  try {
    return await context.http.request(request);
  } catch (error) {
    throw withProperties(context, error);
  }
}

function nextLinkOf(value: unknown): string | null {
  if (value === undefined) return null;
  const link = textOrNull(value);
  // The origin is checked where all requests go out; here the listing, so that no other data counts as users (V22).
  if (link !== null && URL.canParse(link) && new URL(link).pathname.endsWith(listPath)) return link;
  throw new VendorError(
    'vendor-foreign-cursor',
    'Microsoft Entra ID named a next page that does not belong to this listing. It was not requested.',
  );
}

function countOf(value: unknown): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unexpected('a list of users with a count that is not a number');
}

async function askForPage(context: ConnectorContext, request: VendorRequest, isAdvanced: boolean): Promise<GraphPage> {
  // The next page's address does not carry headers, so this one goes along on every page.
  const headers = isAdvanced ? { headers: { consistencylevel: 'eventual' } } : {};
  const answer = await ask(context, { ...request, ...headers });
  if (answer.status >= 400) {
    const isLaterPage = request.url !== undefined;
    const expired = isLaterPage
      ? expiredCursor('Microsoft Entra ID', answer, graphErrorOf(answer.text) ?? {}, cursorWords)
      : null;
    throw expired ?? refusal(context, answer);
  }
  const body = parseVendorJson(answer.text);
  if (!isJsonObject(body) || !Array.isArray(body['value'])) throw unexpected('something else than a list of users');
  return {
    users: body['value'],
    nextLink: nextLinkOf(body['@odata.nextLink']),
    count: countOf(body['@odata.count']),
    isAdvanced,
    answer,
  };
}

/** GET /users, first page. https://learn.microsoft.com/en-us/graph/api/user-list */
export function listGraphUsers(
  context: ConnectorContext,
  operation: VendorRequest['operation'],
  query: ListQuery,
): Promise<GraphPage> {
  const request = { operation, method: 'GET', path: listPath, query: queryOf(query) } as const;
  return askForPage(context, request, query.isAdvanced);
}

/** The next page under the address that the vendor gave, as it is. https://learn.microsoft.com/en-us/graph/paging */
export function nextGraphUsers(
  context: ConnectorContext,
  { isAdvanced }: GraphPage,
  nextLink: string,
): Promise<GraphPage> {
  return askForPage(context, { operation: 'list', method: 'GET', url: nextLink }, isAdvanced);
}

/**
 * GET /users/{id}: the user, or null by the vendor's definite "not found".
 * https://learn.microsoft.com/en-us/graph/api/user-get
 */
export async function getGraphUser(context: ConnectorContext, id: string): Promise<Record<string, unknown> | null> {
  const answer = await ask(context, {
    operation: 'get',
    method: 'GET',
    path: `${listPath}/${encodeURIComponent(id)}`,
    query: { $select: selectedProperties(context).join(',') },
  });
  if (answer.status === 404 && graphErrorOf(answer.text)?.code === 'Request_ResourceNotFound') return null;
  if (answer.status >= 400) throw refusal(context, answer);
  const body = parseVendorJson(answer.text, { recordDepth: 0 });
  if (!isJsonObject(body)) throw unexpected('something else than a user');
  return body;
}
