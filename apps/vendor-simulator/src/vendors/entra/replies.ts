import type { Reply } from '../vendor.js';

/** An error in Graph's form. */
export class GraphRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What identifies one request in its answer. */
export interface Trace {
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly nowMs: number;
}

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

function headersOf(trace: Trace): Record<string, string> {
  return {
    'cache-control': 'no-cache',
    'request-id': trace.requestId,
    'client-request-id': trace.clientRequestId,
    'odata-version': '4.0',
  };
}

/** @param units what the request cost */
export function graphText(trace: Trace, body: string, units = 1, contentType = JSON_TYPE): Reply {
  const headers = { ...headersOf(trace), 'content-type': contentType, 'x-ms-resource-unit': String(units) };
  return { status: 200, headers, body };
}

/** Without zone and fractions, unlike the dates of users. */
const dateOf = ({ nowMs }: Trace): string => new Date(nowMs).toISOString().slice(0, 19);

export function graphError(trace: Trace, { status, code, message, headers }: GraphRefusal): Reply {
  const innerError = {
    date: dateOf(trace),
    'request-id': trace.requestId,
    'client-request-id': trace.clientRequestId,
  };
  return {
    status,
    headers: { ...headersOf(trace), 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error: { code, message, innerError } }),
  };
}

export const TOKEN_PROBLEMS = {
  missing: 'Access token is empty.',
  unknown: 'CompactToken parsing failed with error code: 80049217',
  expired: 'Lifetime validation failed, the token is expired.',
} as const;

export function tokenRefusal(problem: keyof typeof TOKEN_PROBLEMS): GraphRefusal {
  const challenge = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"';
  return new GraphRefusal(401, 'InvalidAuthenticationToken', TOKEN_PROBLEMS[problem], {
    'www-authenticate': challenge,
  });
}

export const forbidden = (): GraphRefusal =>
  new GraphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

export const userNotFound = (id: string): GraphRefusal =>
  new GraphRefusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id.slice(0, 200)}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const unsupportedQuery = (message: string): GraphRefusal =>
  new GraphRefusal(400, 'Request_UnsupportedQuery', message);

export const badRequest = (message: string): GraphRefusal => new GraphRefusal(400, 'BadRequest', message);

/** Who is over a limit of the directory. */
export interface Throttled {
  readonly clientId: string;
  readonly tenantId: string;
}

/** Over the limit; its inner error has a form of its own. */
export function throttled(trace: Trace, { clientId, tenantId }: Throttled, retryAfter?: string): Reply {
  const innerError = {
    code: '429',
    date: dateOf(trace),
    message: 'Please retry after',
    'request-id': trace.requestId,
    status: '429',
  };
  return {
    status: 429,
    headers: {
      ...headersOf(trace),
      'content-type': 'application/json',
      'x-ms-resource-unit': '1',
      'x-ms-throttle-limit-percentage': '1.0',
      'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${clientId}/${tenantId}`,
      'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    },
    body: JSON.stringify({ error: { code: 'TooManyRequests', innerError, message: 'Please retry again later.' } }),
  };
}

const FAILURES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  500: ['InternalServerError', 'Internal server error.'],
  502: ['BadGateway', 'Bad gateway.'],
  503: ['ServiceUnavailable', 'Service is temporarily unavailable. Please wait and retry again.'],
  504: ['GatewayTimeout', 'The gateway did not get an answer in time.'],
};

export function failure(trace: Trace, status: number, who: Throttled): Reply {
  if (status === 401) return graphError(trace, tokenRefusal('unknown'));
  if (status === 403) return graphError(trace, forbidden());
  if (status === 404) return graphError(trace, new GraphRefusal(404, 'ResourceNotFound', 'Resource not found.'));
  if (status === 429) return throttled(trace, who);
  const [code, message] = FAILURES[status] ?? ['UnknownError', `Error ${status}`];
  return graphError(trace, new GraphRefusal(status, code, message));
}
