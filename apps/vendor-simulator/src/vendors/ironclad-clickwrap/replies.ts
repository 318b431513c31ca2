import type { Reply } from '../vendor.js';

const HEADERS = { 'content-type': 'application/json; charset=utf-8' };

export function jsonText(body: string, status = 200): Reply {
  return { status, headers: HEADERS, body };
}

export const json = (value: unknown, status = 200): Reply => jsonText(JSON.stringify(value), status);

/**
 * The form is that of the documented 429; names and codes of other errors are made after it.
 * https://clickwrap-developer.ironcladapp.com/reference/rate-limits
 */
function error(status: number, name: string, text: string): Reply {
  const code = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return json({ error: { message: text, status, name, code } }, status);
}

export const authError = (): Reply => error(401, 'Unauthorized', 'The requester is unauthorized.');
export const badRequest = (why: string): Reply => error(400, 'BadRequest', `Bad request. ${why}`);
export const notFound = (): Reply => error(404, 'NotFound', 'Not found.');

const FAILURES: Readonly<Record<number, readonly [name: string, text: string]>> = {
  401: ['Unauthorized', 'The requester is unauthorized.'],
  403: ['Forbidden', 'Forbidden.'],
  429: ['TooManyRequests', 'Too many requests.'],
};

export function failure(status: number): Reply {
  const [name, text] = FAILURES[status] ?? ['InternalServerError', 'The request failed.'];
  return error(status, name, text);
}

/** Whole seconds. */
export function overLimit(waitMs: number): Reply {
  const reply = failure(429);
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(Math.ceil(waitMs / 1000)) } };
}
