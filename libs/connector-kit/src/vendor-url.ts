import { VendorError } from './vendor-error.js';

// Anything outside printable ASCII, and whatever a URL parser would treat as structure or repair silently.
const unsafeInPath = /[^\x21-\x7e]|[\\?#]/;

function unexpected(reason: string): VendorError {
  return new VendorError(
    'vendor-answer-unexpected',
    `The request was not sent: ${reason}. The address would not have meant what was intended.`,
  );
}

/** `new URL` puts its input into its error (N8), so it never runs bare. */
function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

function decodedSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** True when a server and every proxy before it read this path segment as exactly one plain name (N5). */
export function isPlainSegment(segment: string): boolean {
  const decoded = decodedSegment(segment);
  if (decoded === null || decoded === '' || decoded === '.' || decoded === '..') return false;
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not travel in a path
  return !/[/\\\u0000-\u001f\u007f]/.test(decoded);
}

function parseBase(baseUrl: string): URL {
  const base = parse(baseUrl);
  if (base === null) throw unexpected("the credential's base URL is not a URL");
  if (base.username !== '' || base.password !== '' || base.search !== '' || base.hash !== '') {
    throw unexpected("the credential's base URL holds more than host and path");
  }
  return base;
}

const basePathOf = (base: URL): string => base.pathname.replace(/\/+$/, '');

/**
 * Joins a path, already percent-encoded, below the base URL. The result is compared with what was meant, so that no
 * value in the path can move the request elsewhere (N5).
 * @throws VendorError `vendor-answer-unexpected`; its text never holds the path.
 */
export function joinVendorUrl(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string | number>> = {},
): string {
  const base = parseBase(baseUrl);
  if (!path.startsWith('/') || unsafeInPath.test(path))
    throw unexpected('its path holds characters that are not allowed');
  if (!path.slice(1).split('/').every(isPlainSegment)) throw unexpected('a part of its path is empty or steps upwards');
  const expected = basePathOf(base) + path;
  const url = parse(base.origin + expected);
  if (url === null || url.origin !== base.origin || url.pathname !== expected) {
    throw unexpected('its path changes when it is read as a URL');
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
  return url.href;
}

/**
 * Accepts a cursor that the vendor gave as a whole URL only below the base URL of the credential (V22).
 * @throws VendorError `vendor-foreign-cursor`; its text never holds the URL.
 */
export function checkCursorUrl(baseUrl: string, cursor: string): string {
  const base = parseBase(baseUrl);
  const url = parse(cursor);
  const isOwn =
    url !== null &&
    url.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    `${url.pathname}/`.startsWith(`${basePathOf(base)}/`);
  if (!isOwn) {
    throw new VendorError(
      'vendor-foreign-cursor',
      'The vendor named a next page outside its own address. It was not requested, because the credential ' +
        'would have gone there.',
    );
  }
  return url.href;
}
