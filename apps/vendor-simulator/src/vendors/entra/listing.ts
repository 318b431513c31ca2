import type { Account } from '../../company/account.js';
import { attributesOf, type Directory } from '../../company/directory.js';
import type { ListBend, Reply } from '../vendor.js';
import type { Listing, Order, Selection } from './list-request.js';
import { encodeToken, type Key, type Position } from './page-token.js';
import type { Projections } from './projection.js';
import { graphText, type Trace } from './replies.js';

/**
 * Users that a filter finds, in order. Every page of a listing asks again, so the answer is kept as long as the directory
 * gives out the same sorted list, which it replaces with every change.
 */
export class Finder {
  private readonly kept = new WeakMap<readonly Account[], Map<string, readonly Account[]>>();

  constructor(private readonly directory: Directory) {}

  find(filter: Listing['filter'], order: Order | null): readonly Account[] {
    const all = this.directory.sortedById();
    if (filter === null && order === null) return all;
    let known = this.kept.get(all);
    if (!known) this.kept.set(all, (known = new Map()));
    const key = JSON.stringify([order, filter?.text]);
    let found = known.get(key);
    if (!found) known.set(key, (found = arranged(filter ? all.filter(filter.holds) : all, order)));
    return found;
  }
}

function keyOf(account: Account, order: Order | null): Key {
  return [order ? String(attributesOf(account)[order.property] ?? '').toLowerCase() : '', account.id];
}

function compareKeys([value, id]: Key, [otherValue, otherId]: Key, sign: number): number {
  if (value !== otherValue) return value < otherValue ? -sign : sign;
  return id < otherId ? -1 : Number(id > otherId);
}

function arranged(accounts: readonly Account[], order: Order | null): readonly Account[] {
  if (!order) return accounts;
  const rows = accounts.map((account) => ({ account, key: keyOf(account, order) }));
  return rows.sort((a, b) => compareKeys(a.key, b.key, order.sign)).map(({ account }) => account);
}

/** The first place after a key. By key and not by number: nobody is missed when somebody before it goes. */
function placeAfter(accounts: readonly Account[], key: Key, order: Order | null): number {
  let [low, high] = [0, accounts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const isPast = compareKeys(keyOf(accounts[middle] as Account, order), key, order?.sign ?? 1) > 0;
    if (isPast) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The page before this one: the same answer that it had, with the same next link. */
function stepBack({ page, before }: Position): Position | null {
  if (before === null) return null;
  return { page: page - 1, after: before, before: null };
}

export interface ListParts {
  readonly finder: Finder;
  readonly projections: Projections;
  readonly trace: Trace;
  /** Of this vendor, for links. */
  readonly origin: string;
}

/** One page in Graph's envelope. */
export function listUsers(parts: ListParts, listing: Listing, bend: ListBend): Reply {
  const position = bend.previousPage && listing.position ? stepBack(listing.position) : listing.position;
  const { accounts, next, found } = pageAt(parts.finder, listing, position);
  const texts = bend.empty ? [] : parts.projections.texts(accounts, listing.selection.properties);
  const members = [
    `"@odata.context":${JSON.stringify(contextOf(parts.origin, listing.selection))}`,
    ...(listing.tellsCount && position === null ? [`"@odata.count":${bend.total ?? found}`] : []),
    ...(next ? [`"@odata.nextLink":${JSON.stringify(linkTo(parts.origin, listing.options, next))}`] : []),
    `"value":[${texts.join(',')}]`,
  ];
  return graphText(parts.trace, `{${members.join(',')}}`, unitsOf(listing.selection, listing.top));
}

interface Page {
  readonly accounts: readonly Account[];
  readonly next: Position | null;
  /** Accounts in the whole listing. */
  readonly found: number;
}

function pageAt(finder: Finder, { filter, order, top }: Listing, position: Position | null): Page {
  const all = finder.find(filter, order);
  const start = position ? placeAfter(all, position.after, order) : 0;
  const accounts = all.slice(start, start + top);
  const [last] = accounts.slice(-1);
  if (!last || start + top >= all.length) return { accounts, next: null, found: all.length };
  const next = { page: (position?.page ?? 1) + 1, after: keyOf(last, order), before: position?.after ?? null };
  return { accounts, next, found: all.length };
}

export function contextOf(origin: string, { asked }: Selection, suffix = ''): string {
  return `${origin}/v1.0/$metadata#users${asked ? `(${asked.join(',')})` : ''}${suffix}`;
}

function linkTo(origin: string, options: string, next: Position): string {
  return `${origin}/v1.0/users?${options === '' ? '' : `${options}&`}$skiptoken=${encodeToken(next)}`;
}

/** Two for a list, one less each for a selection and for a small page, at least one. */
function unitsOf({ asked }: Selection, top: number): number {
  return Math.max(1, 2 - Number(asked !== null) - Number(top < 20));
}
