import {
  type ConnectorContext,
  isJsonObject,
  parseVendorJson,
  textOrNull,
  type VendorAnswer,
  VendorError,
  type VendorRequest,
} from '@rollcall/connector-kit';

import { manifest } from './manifest.js';

export interface GraphPage {
  readonly users: readonly unknown[];
  /** Address of the next page, null on the last one. */
  readonly nextLink: string | null;
  /** Users in the whole listing; the vendor says it on the first page only. */
  readonly count: number | null;
  readonly answer: VendorAnswer;
}

const listPath = '/v1.0/users';
/** By name, because the vendor gives few properties by itself, and none of those that tell who left. */
const select = manifest.fields.map(({ path }) => path).join(',');
/** The next page's address does not carry headers, so this one goes along on every page. */
const headers = { consistencylevel: 'eventual' };

function unexpected(what: string): VendorError {
  return new VendorError('vendor-answer-unexpected', `Microsoft Entra ID answered ${what}.`);
}

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
  try {
    const body = parseVendorJson(text, { recordDepth: 0 });
    const error = isJsonObject(body) ? body['error'] : null;
    if (!isJsonObject(error)) return null;
    return { code: textOrNull(error['code']), message: textOrNull(error['message']), requestId: requestIdOf(error) };
  } catch (error) {
    if (error instanceof VendorError) return null;
    throw error;
  }
}

function refusal({ status, text }: VendorAnswer): VendorError {
  const { code = null, message = null, requestId = null } = graphErrorOf(text) ?? {};
  const words = message === null ? '' : `: "${message.slice(0, 300)}"`;
  return new VendorError('vendor-refused', `Microsoft Entra ID refused the request with status ${status}${words}.`, {
    details: { status, code, requestId },
  });
}

function nextLinkOf(value: unknown): string | null {
  if (value === undefined) return null;
  const link = textOrNull(value);
  // The origin is checked where all requests go out; here the listing, so that no other data counts as users (V22).
  if (link !== null && URL.canParse(link) && new URL(link).pathname.endsWith(listPath)) return link;
  throw new VendorError(
    'vendor-foreign-cursor',
    'Microsoft Entra ID named a next page that is no page of this listing. It was not asked for.',
  );
}

function countOf(value: unknown): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unexpected('a list of users with a count that is no number');
}

async function askForPage(context: ConnectorContext, request: VendorRequest): Promise<GraphPage> {
  const answer = await context.http.request({ ...request, headers });
  if (answer.status >= 400) throw refusal(answer);
  const body = parseVendorJson(answer.text);
  if (!isJsonObject(body) || !Array.isArray(body['value'])) throw unexpected('something else than a list of users');
  return {
    users: body['value'],
    nextLink: nextLinkOf(body['@odata.nextLink']),
    count: countOf(body['@odata.count']),
    answer,
  };
}

/**
 * GET /users, first page. `$count=true` and the header make the query an advanced one, which all filters need to work;
 * a listing without filter asks in the same way.
 * https://learn.microsoft.com/en-us/graph/api/user-list, https://learn.microsoft.com/en-us/graph/aad-advanced-queries
 */
export function listGraphUsers(
  context: ConnectorContext,
  operation: VendorRequest['operation'],
  { top, filter }: { readonly top: number; readonly filter: string | null },
): Promise<GraphPage> {
  const query = { $select: select, $top: top, $count: 'true', ...(filter === null ? {} : { $filter: filter }) };
  return askForPage(context, { operation, method: 'GET', path: listPath, query });
}

/** The next page under the address that the vendor gave, as it is. https://learn.microsoft.com/en-us/graph/paging */
export function nextGraphUsers(context: ConnectorContext, nextLink: string): Promise<GraphPage> {
  return askForPage(context, { operation: 'list', method: 'GET', url: nextLink });
}

/**
 * GET /users/{id}: the user, or null by the vendor's definite "not found".
 * https://learn.microsoft.com/en-us/graph/api/user-get
 */
export async function getGraphUser(context: ConnectorContext, id: string): Promise<Record<string, unknown> | null> {
  const answer = await context.http.request({
    operation: 'get',
    method: 'GET',
    path: `${listPath}/${encodeURIComponent(id)}`,
    query: { $select: select },
  });
  if (answer.status === 404 && graphErrorOf(answer.text)?.code === 'Request_ResourceNotFound') return null;
  if (answer.status >= 400) throw refusal(answer);
  const body = parseVendorJson(answer.text, { recordDepth: 0 });
  if (!isJsonObject(body)) throw unexpected('something else than a user');
  return body;
}
