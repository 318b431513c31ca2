import type { Account } from '../../company/account.js';
import { attributesOf, type Directory } from '../../company/directory.js';
import type { ListBend, Reply } from '../vendor.js';
import type { ListRequest } from './list-request.js';
import { badRequest, jsonText } from './replies.js';

/** Ids are numbers, whose order as text is another one; kept until an account comes, goes or changes. */
const byNumber = new WeakMap<readonly Account[], readonly Account[]>();

function ordered(directory: Directory): readonly Account[] {
  const key = directory.sortedById();
  let accounts = byNumber.get(key);
  if (accounts === undefined) {
    accounts = [...key].sort((a, b) => Number(a.id) - Number(b.id));
    byNumber.set(key, accounts);
  }
  return accounts;
}

/** `GET /accounts/{id}/members`. */
export function listMembers(directory: Directory, request: ListRequest | string, bend: ListBend): Reply {
  if (typeof request === 'string') return badRequest(request);
  const all = ordered(directory);
  const found = sorted(request.isFiltered ? all.filter(request.filter) : all, request.sort);
  return collection(found, request, bend, (account) => memberText(account, request.fields));
}

/** One page of anything, in the vendor's envelope. */
export function collection<Item>(
  items: readonly Item[],
  { page, perPage, noCount }: ListRequest,
  bend: ListBend,
  textOf: (item: Item) => string,
): Reply {
  const served = bend.previousPage ? Math.max(1, page - 1) : page;
  const start = (served - 1) * perPage;
  const texts = bend.empty ? [] : items.slice(start, start + perPage).map(textOf);
  const total = noCount ? '' : `,"total_count":${bend.total ?? items.length}`;
  const hasMore = page * perPage < items.length;
  const head = `"count":${texts.length},"has_more":${hasMore},"page":${served},"per_page":${perPage}${total}`;
  return jsonText(`{${head},"data":[${texts.join(',')}]}`);
}

function memberText(account: Account, fields: readonly string[]): string {
  if (fields.length === 0) return account.json;
  const attributes = attributesOf(account);
  const chosen = fields.filter((field) => Object.hasOwn(attributes, field));
  return JSON.stringify(Object.fromEntries(chosen.map((field) => [field, attributes[field]])));
}

function sorted(accounts: readonly Account[], sort: string): readonly Account[] {
  if (sort === '') return accounts;
  const [field, sign] = sort.startsWith('-') ? [sort.slice(1), -1] : [sort, 1];
  const rows = accounts.map((account) => ({ account, key: String(attributesOf(account)[field] ?? '') }));
  return rows.sort((a, b) => sign * (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ account }) => account);
}
