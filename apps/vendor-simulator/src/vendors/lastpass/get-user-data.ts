import { z } from 'zod';

import type { Account } from '../../company/account.js';
import type { Directory } from '../../company/directory.js';
import type { ListBend, Reply } from '../vendor.js';
import { fail, jsonText } from './replies.js';

/** Filters are sent as 0/1 by some clients and as booleans by others. */
const flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform((value) => Boolean(value));

const dataSchema = z
  .object({
    pagesize: z.coerce.number().int().positive().optional(),
    pageindex: z.coerce.number().int().min(0).optional(),
    // An empty name asks for nobody in particular: clients send it in each of their lists.
    username: z
      .string()
      .transform((name) => (name === '' ? undefined : name))
      .optional(),
    disabled: flag.optional(),
    admin: flag.optional(),
  })
  .nullish()
  .transform((data) => data ?? {});

export type UserDataQuery = z.output<typeof dataSchema>;

/** Null for `data` of a wrong form. */
export function parseUserDataQuery(data: unknown): UserDataQuery | null {
  return dataSchema.safeParse(data).data ?? null;
}

/** `getuserdata`: one user by name, or all in pages counted from zero; without paging all at once. */
export function getUserData(directory: Directory, query: UserDataQuery | null, bend: ListBend): Reply {
  if (!query) return fail('Invalid data');
  const found = select(directory, query);
  if (query.username !== undefined && found.length === 0) return jsonText('{"Users":[]}');
  const page = bend.empty ? [] : pageOf(found, query, bend.previousPage ? 1 : 0);
  const isFiltered = [query.username, query.disabled, query.admin].some((filter) => filter !== undefined);
  const invited = isFiltered ? '' : invitedText(directory);
  const total = bend.total ?? found.length;
  return jsonText(`{"total":${total},"count":${page.length},"Users":${usersText(page)}${groupsText(page)}${invited}}`);
}

function pageOf(found: readonly Account[], query: UserDataQuery, pagesBack: number): readonly Account[] {
  const size = query.pagesize ?? found.length;
  const index = Math.max((query.pageindex ?? 0) - pagesBack, 0);
  return found.slice(index * size, (index + 1) * size);
}

function select(directory: Directory, query: UserDataQuery): readonly Account[] {
  let found = directory.accounts;
  if (query.username !== undefined) {
    const one = directory.findByUsername(query.username);
    found = one ? [one] : [];
  }
  const { disabled, admin } = query;
  if (disabled !== undefined) found = found.filter((account) => account.active !== disabled);
  if (admin !== undefined) found = found.filter((account) => account.admin === admin);
  return found;
}

/** An object keyed by id, but an empty array when there is nobody: an empty map of the vendor's language is encoded so. */
function usersText(page: readonly Account[]): string {
  if (page.length === 0) return '[]';
  return `{${page.map((account) => `${JSON.stringify(account.id)}:${account.json}`).join(',')}}`;
}

function groupsText(page: readonly Account[]): string {
  const groups: Record<string, string[]> = {};
  for (const account of page) for (const group of account.groups) (groups[group] ??= []).push(account.username);
  return Object.keys(groups).length > 0 ? `,"Groups":${JSON.stringify(groups)}` : '';
}

function invitedText({ invitations }: Directory): string {
  return invitations.size > 0 ? `,"invited":${JSON.stringify([...invitations])}` : '';
}
