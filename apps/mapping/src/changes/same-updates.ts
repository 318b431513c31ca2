import { isDeepStrictEqual } from 'node:util';

import type { Replacement } from './change-set.js';

/** Fields to set and to remove. */
export interface FieldUpdate<Document> {
  readonly $set: Partial<Document>;
  readonly $unset?: Partial<Record<keyof Document, 1>>;
}

/**
 * What makes the stored document `before` into `after`: of a record of which a flag and a counter change, nothing else
 * travels to the database and into its log.
 * @param uncounted set even if they seem the same: somebody may have changed them since `before` was read, and the
 * counter that is compared does not tell
 */
export function updateOf<Document extends object>(
  before: Document,
  after: Document,
  uncounted: readonly (keyof Document)[] = [],
): FieldUpdate<Document> {
  const $set: Partial<Document> = {};
  const $unset: Partial<Record<keyof Document, 1>> = {};
  for (const name of Object.keys(after) as (keyof Document)[]) {
    const value = after[name];
    if (value === undefined || (isSame(before[name], value) && !uncounted.includes(name))) continue;
    $set[name] = value;
  }
  for (const name of Object.keys(before) as (keyof Document)[]) {
    if (before[name] === undefined || after[name] !== undefined) continue;
    $unset[name] = 1;
  }
  return Object.keys($unset).length > 0 ? { $set, $unset } : { $set };
}

/** Most fields are the very same value: a look is cheaper than a comparison. */
function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  return typeof before === 'object' && typeof after === 'object' && isDeepStrictEqual(before, after);
}

/** One update of all records that get the same one. */
export interface SharedUpdate<Document> {
  readonly ids: string[];
  /** The counter that all of them must still have. */
  readonly at: unknown;
  readonly update: FieldUpdate<Document>;
}

/**
 * Updates that are the same, with the same counter before, as one: a sweep or an undo does the same to nearly everybody,
 * and the database carries out one statement for many records faster than many statements (`npm run bench:undo`).
 */
export function sameUpdates<Document extends { readonly _id: string }>(
  replaced: readonly Replacement<Document>[],
  counter: keyof Document,
  uncounted: readonly (keyof Document)[] = [],
): SharedUpdate<Document>[] {
  const shared = new Map<string, SharedUpdate<Document>>();
  for (const { before, after } of replaced) {
    const update = updateOf(before, after, uncounted);
    // Records hold nothing but what JSON has too.
    const key = JSON.stringify([before[counter], update]);
    const known = shared.get(key);
    if (known) known.ids.push(before._id);
    else shared.set(key, { ids: [before._id], at: before[counter], update });
  }
  return [...shared.values()];
}
