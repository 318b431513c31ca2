import type { Account } from '../../company/account.js';
import { attributesOf, type Directory } from '../../company/directory.js';
import type { ListBend, Reply } from '../vendor.js';
import { offsetToken, type Place, placeOf } from './offset-token.js';
import { badRequest, jsonText } from './replies.js';

const MAXIMUM_LIMIT = 100;

interface Row extends Place {
  readonly account: Account;
}

/** What `GET /users` was asked for; a text says what is wrong with it. */
export interface ListRequest {
  readonly limit: number;
  readonly place: Place | null;
  readonly includeDeactivated: boolean;
  readonly email: string | null;
  /** Only these fields come back; empty: all. */
  readonly include: readonly string[];
}

export function readListRequest(query: URLSearchParams): ListRequest | string {
  const limit = Number(query.get('limit') ?? MAXIMUM_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAXIMUM_LIMIT) {
    return `Invalid limit: it must be a number from 1 to ${MAXIMUM_LIMIT}.`;
  }
  const offset = query.get('offset');
  const place = offset === null ? null : placeOf(offset);
  if (offset !== null && place === null) return 'Invalid offset token.';
  return {
    limit,
    place,
    // Clients of other languages write it with a capital letter, and mean it.
    includeDeactivated: query.get('includeDeactivated')?.toLowerCase() === 'true',
    email: query.get('email'),
    include: query.getAll('include').flatMap((names) => names.split(',').filter(Boolean)),
  };
}

/** Rows by the identity of the directory's own order, which is made anew whenever an account changes. */
const sortedRows = new WeakMap<readonly Account[], readonly Row[]>();

/** Newest first, as the vendor lists. Kept until a user changes, because every page asks for it. */
function rowsOf(directory: Directory): readonly Row[] {
  const key = directory.sortedById();
  let rows = sortedRows.get(key);
  if (rows === undefined) {
    rows = key
      .map((account): Row => ({ account, id: account.id, createdAt: Number(attributesOf(account).createdAt) }))
      .sort(byAge);
    sortedRows.set(key, rows);
  }
  return rows;
}

function byAge(one: Place, other: Place): number {
  return other.createdAt - one.createdAt || (one.id < other.id ? -1 : Number(one.id > other.id));
}

/** First row behind a place; the place itself need not exist any more. */
function indexBehind(rows: readonly Row[], place: Place | null): number {
  if (place === null) return 0;
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byAge(rows[middle]!, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Page counted from one, for faults that name a page; of the whole listing, deactivated users included. */
export function pageOf(directory: Directory, request: ListRequest): number {
  return Math.floor(indexBehind(rowsOf(directory), request.place) / request.limit) + 1;
}

export function list(directory: Directory, request: ListRequest | string, bend: ListBend): Reply {
  if (typeof request === 'string') return badRequest(request);
  const { limit, email, includeDeactivated } = request;
  const all = rowsOf(directory);
  const isWhole = includeDeactivated && email === null;
  const rows = isWhole ? all : all.filter(({ account }) => fits(account, request));
  const start = Math.max(0, indexBehind(rows, request.place) - (bend.previousPage ? limit : 0));
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const goesOn = start + limit < rows.length && last !== undefined;
  const more = goesOn ? `"hasNext":true,"next":${JSON.stringify(offsetToken(last))}` : '"hasNext":false';
  const texts = bend.empty ? [] : page.map(({ account }) => userText(account, request.include));
  return jsonText(`{"data":[${texts.join(',')}],${more}}`);
}

function fits(account: Account, { includeDeactivated, email }: ListRequest): boolean {
  return (includeDeactivated || account.active) && (email === null || account.email === email);
}

export function userText(account: Account, include: readonly string[] = []): string {
  if (include.length === 0) return account.json;
  const attributes = attributesOf(account);
  const chosen = include.filter((field) => Object.hasOwn(attributes, field));
  return JSON.stringify(Object.fromEntries(chosen.map((field) => [field, attributes[field]])));
}
