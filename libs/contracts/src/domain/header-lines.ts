/** One header as it was entered. */
export interface EnteredHeader {
  readonly name: string;
  readonly value: string;
}

const mostHeaders = 20;
const namePattern = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Visible ASCII, blank and Latin-1 (RFC 9110 5.5): anything else could begin another header. */
const valuePattern = /^[\x20-\x7e\x80-\xff]*$/;

/** Set by the connection, or by Rollcall itself. */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is wrong with the name of a header, null when nothing is. Such a name is no secret, a value may be one. */
export function headerNameFault(name: string): string | null {
  if (!namePattern.test(name)) return 'the name of a header has letters, digits and dashes only';
  return ownHeaders.has(name.toLowerCase()) ? `the header ${name} is set by Rollcall itself` : null;
}

/**
 * Headers of a text with one `Name: value` a line; empty lines count for nothing.
 * @returns the headers, or what is wrong, without any value
 */
export function readHeaderLines(text: string): readonly EnteredHeader[] | string {
  const lines = text.split(/\r?\n/);
  const headers: EnteredHeader[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = readHeader(line);
    if (typeof read === 'string') return `line ${at + 1}: ${read}`;
    headers.push(read);
  }
  const names = headers.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `the header ${twice} is there twice`;
  return headers.length > mostHeaders ? `more than ${mostHeaders} headers` : headers;
}

function readHeader(line: string): EnteredHeader | string {
  const colon = line.indexOf(':');
  if (colon < 0) return 'it has no colon; enter it like Name: value';
  const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  const fault = headerNameFault(name);
  if (fault !== null) return fault;
  if (value === '') return `the header ${name} has no value`;
  return valuePattern.test(value) ? { name, value } : `the value of ${name} has characters that no header can carry`;
}

/** Names of headers whose values are secrets. Others, like the name of a tenant, stand in data as well and stay there. */
const secretHeaderName = /auth|cookie|key|pass|secret|session|sign|token/i;

/**
 * Values of further headers that are secrets, each also without the scheme that stands before it. Where nothing else signs in
 * and no name says which of them does, all of them are.
 */
export function secretHeaderValues(text: string, scheme?: { readonly placement: { readonly kind: string } }): string[] {
  const lines = headersOf(text);
  const secret = lines.filter(({ name }) => secretHeaderName.test(name));
  const isUnnamed = secret.length === 0 && scheme?.placement.kind === 'none';
  return (isUnnamed ? lines : secret).flatMap(valuesOf);
}

/** Values of all further headers, for words in which none of them is wanted. */
export function headerValues(text: string): string[] {
  return headersOf(text).flatMap(valuesOf);
}

function headersOf(text: string): readonly EnteredHeader[] {
  const lines = readHeaderLines(text);
  return typeof lines === 'string' ? [] : lines;
}

const valuesOf = ({ value }: EnteredHeader): string[] => [value, value.replace(/^(?:basic|bearer)\s+/i, '')];
