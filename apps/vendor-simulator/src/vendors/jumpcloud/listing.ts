import { createHash } from 'node:crypto';

import type { Account } from '../../company/account.js';
import { attributesOf, type Directory } from '../../company/directory.js';
import type { ListBend, Reply } from '../vendor.js';
import { type Predicate, valueAt } from './filter.js';
import { jsonText } from './replies.js';

export interface Listing {
  readonly limit: number;
  readonly skip: number;
  /** Field names, `-` first for descending. */
  readonly sort: readonly string[];
  /** Empty: all. */
  readonly fields: readonly string[];
  readonly predicates: readonly (Predicate | null)[];
}

/** `{totalCount, results}`. Without `sort` the order is the store's own, which moves when users change. */
export function list(directory: Directory, listing: Listing, bend: ListBend): Reply {
  const predicates = listing.predicates.filter((one) => one !== null);
  const all = sorted(directory, listing.sort);
  const found = predicates.length > 0 ? all.filter((account) => predicates.every((one) => one(account))) : all;
  const skip = Math.max(listing.skip - (bend.previousPage ? listing.limit : 0), 0);
  const page = bend.empty ? [] : found.slice(skip, skip + listing.limit);
  const texts = page.map((account) => userText(account, listing.fields));
  const reply = jsonText(`{"totalCount":${bend.total ?? found.length},"results":[${texts.join(',')}]}`);
  const etag = `W/"${reply.body.length.toString(16)}-${createHash('sha1').update(reply.body).digest('base64')}"`;
  return { ...reply, headers: { ...reply.headers, etag, 'x-response-time': '12.000ms' } };
}

/** The record's own text, or the chosen fields with `_id`, which always comes along. */
export function userText(account: Account, fields: readonly string[]): string {
  if (fields.length === 0) return account.json;
  const attributes = attributesOf(account);
  const chosen = ['_id', ...fields].filter((field) => Object.hasOwn(attributes, field));
  return JSON.stringify(Object.fromEntries(chosen.map((field) => [field, attributes[field]])));
}

function sorted(directory: Directory, sort: readonly string[]): readonly Account[] {
  const [first] = sort;
  if (first === undefined) return directory.accounts;
  // Ids are unique, so further fields cannot matter.
  if (first === '_id' || first === 'id') return directory.sortedById();
  const keys = sort.map((field) => ({ path: field.replace(/^-/, ''), sign: field.startsWith('-') ? -1 : 1 }));
  const rows = directory.accounts.map((account) => {
    const attributes = attributesOf(account);
    return { account, values: keys.map(({ path }) => valueAt(attributes, path)) };
  });
  rows.sort((a, b) => {
    for (const [i, { sign }] of keys.entries()) {
      const order = compareValues(a.values[i], b.values[i]);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return rows.map((row) => row.account);
}

/** Absent first, numbers and flags as numbers, everything else as text by code unit. */
function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : Number(left > right);
}

function sortKey(value: unknown): number | string {
  if (value === undefined || value === null) return -Infinity;
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  return String(value);
}
