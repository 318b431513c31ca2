import type { Effect, Reply } from '../vendor.js';

/** JSON is served under an XML content type, and anti-bot cookies come along that nothing needs back. */
const HEADERS = {
  'content-type': 'text/xml;charset=UTF-8',
  server: 'LastPass',
  'set-cookie': '_abck=test~0~-1; Domain=.lastpass.test; Path=/; Secure',
};

export function jsonText(body: string, effects?: readonly Effect[]): Reply {
  return { status: 200, headers: HEADERS, body, effects };
}

export function json(value: unknown, effects?: readonly Effect[]): Reply {
  return jsonText(JSON.stringify(value), effects);
}

export const ok = (...effects: Effect[]): Reply => json({ status: 'OK' }, effects);

/** Most commands give the reason as a string, `resetpassword` as an array. */
export const fail = (error: string | string[]): Reply => json({ status: 'FAIL', error });

/** Wrong company id and wrong hash look the same, and both say 200. */
export function authError(): Reply {
  const body = '<?xml version="1.0" encoding="UTF-8"?>\n<lastpass rc="Authorization Error"/>\n';
  return { status: 200, headers: HEADERS, body };
}

export function failure(status: number): Reply {
  const body = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8', server: 'LastPass' }, body };
}
