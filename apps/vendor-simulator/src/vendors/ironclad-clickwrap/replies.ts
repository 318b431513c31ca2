import type { Reply } from '../vendor.js';

const HEADERS = { 'content-type': 'application/json; charset=utf-8' };

export function jsonText(body: string, status = 200): Reply {
  return { status, headers: HEADERS, body };
}

export const json = (value: unknown, status = 200): Reply => jsonText(JSON.stringify(value), status);

/** Bodies of errors are not documented; the words are those of the documentation where it has some. */
export const message = (status: number, text: string): Reply => json({ message: text }, status);

export const authError = (): Reply => message(401, 'The requester is unauthorized.');
export const badRequest = (why: string): Reply => message(400, `Bad request. ${why}`);
export const notFound = (): Reply => message(404, 'Not found.');

const TEXTS: Readonly<Record<number, string>> = {
  401: 'The requester is unauthorized.',
  403: 'Forbidden.',
  429: 'Too many requests.',
};

export const failure = (status: number): Reply => message(status, TEXTS[status] ?? 'The request failed.');
