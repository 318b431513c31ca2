import type { Request } from 'express';

/** Longest text that is looked at as a key. */
const longestKey = 200;

/** The key that a request brings, `Authorization: Bearer <key>`, else `X-Api-Key: <key>`; null without one. */
export function keyOf({ headers }: Request): string | null {
  const bearer =
    headers.authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? '');
  const key = bearer ?? headers['x-api-key'];
  return typeof key === 'string' && key.length > 0 && key.length <= longestKey ? key : null;
}

/** Whether a request brings something in the place of a key, right or wrong. */
export function sendsKey({ headers }: Request): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined;
}
