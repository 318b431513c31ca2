import type { Page } from '@rollcall/contracts';
import { type Document, type Filter, MongoServerError } from 'mongodb';
import type { Model, SortOrder as Direction } from 'mongoose';

import { trustedFilter } from '../models/own-operators.js';
import { type Cursor, decodeCursor, encodeCursor, type SortValue } from './cursor.js';
import { PagingError } from './paging.errors.js';

/** Longest time of one query in milliseconds (P33). */
export const queryTimeMs = 2000;

export interface SortOrder {
  /** Name as clients write it, `-` before it for descending; part of the cursor. */
  readonly name: string;
  readonly path: string;
  readonly descending: boolean;
}

export interface PageRequest {
  /** Conditions built by the service, joined by "and". Never an object of a request (P35). */
  readonly conditions: readonly Filter<Document>[];
  readonly sort: SortOrder;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly countTotal?: boolean;
  readonly projection?: Document;
}

/**
 * The order that a client asked for, out of an allow-list of name → path.
 * @throws PagingError invalid-sort
 */
export function sortOrder(
  asked: string | undefined,
  allowed: Readonly<Record<string, string>>,
  fallback: string,
): SortOrder {
  const name = asked ?? fallback;
  const descending = name.startsWith('-');
  const field = descending ? name.slice(1) : name;
  if (!Object.hasOwn(allowed, field)) {
    const names = Object.keys(allowed).join(', ');
    throw new PagingError('invalid-sort', `This list cannot be sorted by "${field}". It can by: ${names}.`);
  }
  return { name, path: allowed[field]!, descending };
}

/**
 * One page of a collection whose ids are text, ordered by sort key and id. One document more than asked for is read to
 * know whether there is a next page.
 * @throws PagingError invalid-cursor, query-too-slow
 */
export async function findPage<Doc extends Document & { _id: string }>(
  model: Model<Doc>,
  request: PageRequest,
): Promise<Page<Doc>> {
  const { sort, limit } = request;
  const matching = [...request.conditions];
  const after = request.cursor === undefined ? [] : [afterCursor(decodeCursor(request.cursor, sort.name), sort)];
  const direction = sort.descending ? -1 : 1;
  const order: Record<string, Direction> =
    sort.path === '_id' ? { _id: direction } : { [sort.path]: direction, _id: direction };
  return bounded(async () => {
    const query = model
      .find(all([...matching, ...after]), request.projection)
      .sort(order)
      .limit(limit + 1);
    const found = (await query.maxTimeMS(queryTimeMs).lean()) as unknown as Doc[];
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const next =
      found.length > limit && last
        ? encodeCursor({ sort: sort.name, value: valueAt(last, sort.path), id: last._id })
        : null;
    if (request.countTotal !== true) return { items, page: { next } };
    const total = await model.countDocuments(all(matching), { maxTimeMS: queryTimeMs });
    return { items, page: { next, total } };
  });
}

function all(conditions: readonly Filter<Document>[]): object {
  return conditions.length === 0 ? {} : { $and: conditions.map(trustedFilter) };
}

/**
 * What comes behind a cursor. MongoDB sorts null before everything, but `$gt: null` finds nothing, so documents without
 * the sort key are asked for by name.
 */
export function afterCursor(
  { value, id }: Pick<Cursor, 'value' | 'id'>,
  { path, descending }: Pick<SortOrder, 'path' | 'descending'>,
): Filter<Document> {
  const beyond = descending ? '$lt' : '$gt';
  if (path === '_id') return { _id: { [beyond]: id } };
  const sameKey = { [path]: { $eq: value }, _id: { [beyond]: id } };
  if (value === null) return descending ? sameKey : { $or: [{ [path]: { $ne: null } }, sameKey] };
  const further: Filter<Document>[] = [{ [path]: { [beyond]: value } }, sameKey];
  return { $or: descending ? [...further, { [path]: { $eq: null } }] : further };
}

/** The value at a path; null where there is none. */
export function valueAt(document: Document, path: string): SortValue {
  let value: unknown = document;
  for (const name of path.split('.')) value = (value as Document | null | undefined)?.[name];
  return (value ?? null) as SortValue;
}

const MAX_TIME_EXPIRED = 50;

/** Turns "took too long" into an answer that a client can act on. For single reads beside `findPage`. */
export async function bounded<Result>(query: () => Promise<Result>): Promise<Result> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === MAX_TIME_EXPIRED) {
      throw new PagingError(
        'query-too-slow',
        `The query took longer than ${queryTimeMs / 1000} s and was stopped. Narrow the filter, or leave out \`include=total\`.`,
        error,
      );
    }
    throw error;
  }
}
