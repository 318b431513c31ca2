import type { VendorErrorCode } from '@rollcall/connector-kit';
import type { EgressFailure } from '@rollcall/contracts';
import type { FaultPlan } from '@rollcall/vendor-simulator';

type Fault = FaultPlan['fault'];

/** What must come of a listing that meets a row on one of its pages. */
export type Expected =
  { readonly outcome: 'complete' } | { readonly outcome: 'failed'; readonly codes: readonly VendorErrorCode[] };

/** One thing that a vendor does to one page (protocol V). */
export interface PageRow {
  readonly row: string;
  readonly what: string;
  /** At the vendor, or on the way to it. */
  readonly fault: Fault | { readonly way: EgressFailure };
  readonly times: 1 | 'always';
  readonly expected: Expected;
  /** Requests for the page that is hit. */
  readonly requests: number;
  /** Nobody is asked again sooner than that after the first refusal, in milliseconds. */
  readonly waitsAtLeastMs?: number;
}

const complete: Expected = { outcome: 'complete' };
const failed = (...codes: VendorErrorCode[]): Expected => ({ outcome: 'failed', codes });

/** A read is asked again five times, so a fault that stays is met six times. */
const allTries = 6;
/** Not one of these answers is a list of users. */
const noData = failed('vendor-answer-unreadable', 'vendor-answer-unexpected', 'vendor-refused');

function limitRow(what: string, retryAfter: string | undefined, waitsAtLeastMs: number): PageRow {
  const fault: Fault = { kind: 'rate-limit', ...(retryAfter === undefined ? {} : { retryAfter }) };
  return { row: 'V1', what, fault, times: 1, expected: complete, requests: 2, waitsAtLeastMs };
}

/** ManualPacing begins at noon of 5 January 2026. */
const inTwentySeconds = 'Mon, 05 Jan 2026 12:00:20 GMT';
const past = 'Mon, 05 Jan 2026 11:00:00 GMT';

const limits: readonly PageRow[] = [
  limitRow('429 with Retry-After 2', '2', 2000),
  limitRow('429 with Retry-After 2.128', '2.128', 2128),
  limitRow('429 with a date', inTwentySeconds, 20_000),
  limitRow('429 with a date in the past', past, 1000),
  limitRow('429 with Retry-After 0', '0', 1000),
  limitRow('429 with Retry-After -1', '-1', 1000),
  limitRow('429 with garbage', 'soon', 1000),
  limitRow('429 without a header', undefined, 1000),
  {
    row: 'V1',
    what: '429 with a day',
    fault: { kind: 'rate-limit', retryAfter: '86400' },
    times: 'always',
    expected: failed('vendor-rate-limited'),
    requests: 1,
  },
  {
    row: 'V2',
    what: '429 for ever',
    fault: { kind: 'rate-limit', retryAfter: '5' },
    times: 'always',
    expected: failed('vendor-rate-limited'),
    requests: 9,
    waitsAtLeastMs: 5000,
  },
];

const statuses: readonly PageRow[] = [500, 502, 503, 504].flatMap((status): PageRow[] => [
  {
    row: 'V4',
    what: `${status} once`,
    fault: { kind: 'status', status },
    times: 1,
    expected: complete,
    requests: 2,
  },
  {
    row: 'V4',
    what: `${status} for ever`,
    fault: { kind: 'status', status },
    times: 'always',
    expected: failed('vendor-unavailable'),
    requests: allTries,
  },
]);

const redirects: readonly PageRow[] = [301, 302, 303, 307, 308].map((status) => ({
  row: 'V21',
  what: `a redirect with ${status}`,
  fault: { kind: 'status', status, headers: { location: 'http://169.254.169.254/latest/meta-data' } },
  times: 'always',
  expected: failed('vendor-redirected'),
  requests: 1,
}));

const ways: readonly PageRow[] = [
  ...(['unreachable', 'timeout', 'answer-cut'] as const).flatMap((way): PageRow[] => [
    {
      row: way === 'timeout' ? 'V6' : 'V7',
      what: `${way} once`,
      fault: { way },
      times: 1,
      expected: complete,
      requests: 2,
    },
    {
      row: way === 'unreachable' ? 'V5' : way === 'timeout' ? 'V6' : 'V7',
      what: `${way} for ever`,
      fault: { way },
      times: 'always',
      expected: failed(
        way === 'unreachable' ? 'vendor-unreachable' : way === 'timeout' ? 'vendor-timeout' : 'vendor-answer-cut',
      ),
      requests: allTries,
    },
  ]),
  {
    row: 'V5',
    what: 'a certificate that does not hold',
    fault: { way: 'tls-failed' },
    times: 'always',
    expected: failed('vendor-unreachable'),
    requests: 1,
  },
  {
    row: 'V6',
    what: 'no answer, ever',
    fault: { kind: 'hang' },
    times: 'always',
    expected: failed('vendor-timeout'),
    requests: allTries,
  },
];

const cuts: readonly PageRow[] = [
  { row: 'V7', what: 'a reset', fault: { kind: 'reset' }, times: 1, expected: complete, requests: 2 },
  {
    row: 'V7',
    what: 'a body shorter than its length',
    fault: { kind: 'cut-body' },
    times: 'always',
    expected: failed('vendor-answer-cut'),
    requests: allTries,
  },
  {
    row: 'V7',
    what: 'gzip cut with a length that fits',
    fault: { kind: 'gzip-cut' },
    times: 'always',
    expected: failed('vendor-answer-cut'),
    requests: allTries,
  },
  {
    row: 'V7',
    what: 'half a body with a length that fits',
    fault: { kind: 'cut-body', clean: true },
    times: 'always',
    expected: noData,
    requests: 1,
  },
];

const nonsense: readonly PageRow[] = [
  ['V8', 'an error with status 200', '{"error":"something went wrong"}'],
  ['V8', 'a failure with status 200', '{"status":"FAIL","error":"something went wrong"}'],
  ['V9', 'an empty body', ''],
  ['V9', 'null', 'null'],
  ['V9', 'an empty list', '[]'],
  ['V9', 'an empty object', '{}'],
  ['V9', 'a text', '"ok"'],
].map(([row, what, body]): PageRow => ({
  row: row!,
  what: what!,
  fault: { kind: 'body', body: body! },
  times: 'always',
  expected: noData,
  requests: 1,
}));

const pages: readonly PageRow[] = [
  { row: 'V9', what: 'a login page', fault: { kind: 'html' }, times: 'always', expected: noData, requests: 1 },
  {
    row: 'V9',
    what: '204',
    fault: { kind: 'status', status: 204, body: '' },
    times: 'always',
    expected: noData,
    requests: 1,
  },
  {
    row: 'V3',
    what: '403, the address is blocked',
    fault: { kind: 'status', status: 403 },
    times: 'always',
    expected: failed('vendor-forbidden'),
    requests: 1,
  },
  {
    row: 'V8',
    what: 'a refused credential',
    fault: { kind: 'auth-error' },
    times: 'always',
    expected: failed('vendor-auth-rejected'),
    requests: 1,
  },
];

const encoding = (what: string, fault: Fault, expected: Expected): PageRow => ({
  row: 'V10',
  what,
  fault,
  times: 'always',
  expected,
  requests: 1,
});
const encodings: readonly PageRow[] = [
  encoding('JSON as text/html', { kind: 'encoding', encoding: 'utf8', contentType: 'text/html' }, complete),
  encoding(
    'JSON that says to be Latin 1',
    { kind: 'encoding', encoding: 'utf8', contentType: 'application/json; charset=iso-8859-1' },
    complete,
  ),
  encoding('a byte-order mark', { kind: 'encoding', encoding: 'utf8-bom' }, complete),
  encoding('UTF-16', { kind: 'encoding', encoding: 'utf16le' }, noData),
  encoding('bytes that are no UTF-8', { kind: 'encoding', encoding: 'invalid' }, failed('vendor-answer-unreadable')),
];

const odd: readonly PageRow[] = [
  {
    row: 'V17',
    what: 'an answer beyond the size limit',
    fault: { kind: 'inflate', bytes: 65 * 1024 * 1024 },
    times: 'always',
    expected: failed('vendor-answer-too-large'),
    requests: 1,
  },
  {
    row: 'V17',
    what: 'a gzip bomb',
    fault: { kind: 'inflate', bytes: 65 * 1024 * 1024, packed: true },
    times: 'always',
    expected: failed('vendor-answer-too-large'),
    requests: 1,
  },
  {
    row: 'V28',
    what: 'a Date header of another day',
    fault: { kind: 'encoding', encoding: 'utf8', headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } },
    times: 'always',
    expected: complete,
    requests: 1,
  },
  {
    row: 'V29',
    what: 'cookies',
    fault: { kind: 'encoding', encoding: 'utf8', headers: { 'set-cookie': 'a=b; Path=/' } },
    times: 'always',
    expected: complete,
    requests: 1,
  },
];

/** Rows that hit one page, whatever the vendor is. */
export const pageRows: readonly PageRow[] = [
  ...limits,
  ...statuses,
  ...ways,
  ...cuts,
  ...nonsense,
  ...pages,
  ...encodings,
  ...redirects,
  ...odd,
];
