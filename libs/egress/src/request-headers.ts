import { acceptedEncodings } from './answer-body.js';
import { EgressError } from './egress.errors.js';

const namePattern = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** Visible characters, space and tab: anything else could end the header and begin another one. */
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;
const longestHeadersBytes = 32 * 1024;

/** Decided by the connection, not by the caller. */
const ownHeaders = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'proxy-authorization',
  'proxy-connection',
]);

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type EgressMethod = (typeof methods)[number];

/** @throws EgressError invalid-request */
export function requireMethod(method: string): EgressMethod {
  const known = methods.find((name) => name === method);
  if (known) return known;
  throw refused('an unknown method');
}

/** Headers in lower case, checked here because the layers below quote a bad value in their errors (N8). */
export function requestHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'accept-encoding': acceptedEncodings, 'user-agent': 'rollcall' };
  let bytes = 0;
  for (const [rawName, value] of Object.entries(given)) {
    const name = rawName.toLowerCase();
    if (!namePattern.test(name) || ownHeaders.has(name)) throw refused('a header that may not be set');
    if (!valuePattern.test(value)) throw refused(`a value of header ${name} that no header can carry`);
    bytes += name.length + value.length;
    headers[name] = value;
  }
  if (bytes > longestHeadersBytes) throw refused(`more than ${longestHeadersBytes} bytes of headers`);
  return headers;
}

function refused(what: string): EgressError {
  const message = `The request was not sent: it has ${what}. Check the inputs of the credential and of the block.`;
  return new EgressError('invalid-request', message);
}

/** Headers of an answer by lower-case name. Cookies are dropped: there is no jar (V29). */
export function answerHeaders(given: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === 'set-cookie') continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
