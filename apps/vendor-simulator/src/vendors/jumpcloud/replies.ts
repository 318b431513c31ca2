import type { Effect, Reply } from '../vendor.js';

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

export function jsonText(body: string, effects?: readonly Effect[], status = 200): Reply {
  return { status, headers: HEADERS, body, effects };
}

export function json(value: unknown, effects?: readonly Effect[], status = 200): Reply {
  return jsonText(JSON.stringify(value), effects, status);
}

/** The plain error form. */
export const message = (status: number, text: string): Reply => json({ message: text }, [], status);

/** The detailed error form. */
export function invalidArgument(text: string, details?: unknown): Reply {
  const more = details === undefined ? {} : { details };
  return json({ code: 400, message: text, status: 'INVALID_ARGUMENT', ...more }, [], 400);
}

/** Unlock, expire and their like answer with nothing. */
export function empty(...effects: Effect[]): Reply {
  return { status: 200, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }, body: '', effects };
}

export const authError = (): Reply => message(401, 'Unauthorized');
export const notFound = (): Reply => message(404, 'Not Found');

const TEXTS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export const failure = (status: number): Reply => message(status, TEXTS[status] ?? `Error ${status}`);
