import { z } from 'zod';

import { parseBodyFilter, parseQueryFilter, searchPredicate } from './filter.js';
import type { Listing } from './listing.js';

const DEFAULT_LIMIT = 10;
const MAXIMUM_LIMIT = 100;
/** The search by POST takes larger pages; the vendor's own client asks for so many. */
const MAXIMUM_SEARCH_LIMIT = 1000;
const SEARCHED_FIELDS = ['username', 'email', 'firstname', 'lastname', 'displayname'];

/** A request for a list that is answered 400. */
export class ListRequestError extends Error {}

const words = (text: string | null | undefined): string[] => (text ?? '').split(/[\s,]+/).filter(Boolean);

const textOrList = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const searchSchema = z.object({
  limit: z.coerce.number().optional(),
  skip: z.coerce.number().optional(),
  sort: z.string().optional(),
  fields: z.string().optional(),
  filter: z.unknown().optional(),
  searchFilter: z.object({ searchTerm: textOrList, fields: textOrList.optional() }).optional(),
});

/** `GET /systemusers`. Throws ListRequestError and FilterError. */
export function listingOfQuery(query: URLSearchParams): Listing {
  const terms = [
    ...query.getAll('search'),
    ...query.getAll('search[searchTerm]'),
    ...query.getAll('search[searchTerm][]'),
  ];
  const fields = [...query].filter(([key]) => /^search\[fields\]/.test(key)).flatMap(([, value]) => words(value));
  return {
    limit: limitOf(query.get('limit'), MAXIMUM_LIMIT),
    skip: skipOf(query.get('skip')),
    sort: words(query.get('sort')),
    fields: words(query.get('fields')),
    predicates: [parseQueryFilter(query), search(terms, fields)],
  };
}

/** `POST /search/systemusers`. Throws ListRequestError and FilterError. */
export function listingOfSearch(body: unknown): Listing {
  const parsed = searchSchema.safeParse(body ?? {});
  if (!parsed.success) throw new ListRequestError('Bad Request: the search could not be read');
  const { limit, skip, sort, fields, filter, searchFilter } = parsed.data;
  return {
    limit: limitOf(limit, MAXIMUM_SEARCH_LIMIT),
    skip: skipOf(skip),
    sort: words(sort),
    fields: words(fields),
    predicates: [
      parseBodyFilter(filter),
      search(searchFilter?.searchTerm ?? [], (searchFilter?.fields ?? []).flatMap(words)),
    ],
  };
}

/** Page counted from one, for faults that name a page. */
export function pageOf(listing: Listing): number {
  return Math.floor(listing.skip / listing.limit) + 1;
}

function search(terms: readonly string[], fields: readonly string[]) {
  return terms.length > 0 ? searchPredicate(terms, fields.length > 0 ? fields : SEARCHED_FIELDS) : null;
}

function limitOf(value: string | number | null | undefined, maximum: number): number {
  const limit = Number(value ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit)) throw new ListRequestError('Bad Request: request parameter "limit" is not a number');
  if (limit > maximum) {
    throw new ListRequestError(`Bad Request: request parameter "limit" exceeds maximum value of ${maximum}`);
  }
  return limit < 1 ? DEFAULT_LIMIT : limit;
}

function skipOf(value: string | number | null | undefined): number {
  const skip = Number(value ?? 0);
  if (!Number.isInteger(skip) || skip < 0)
    throw new ListRequestError('Bad Request: request parameter "skip" is not valid');
  return skip;
}
