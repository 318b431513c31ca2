import { isDeepStrictEqual } from 'node:util';

/** Fields to set and to remove. */
export interface FieldUpdate<Document> {
  readonly $set: Partial<Document>;
  readonly $unset?: Partial<Record<keyof Document, 1>>;
}

/**
 * What makes the stored document `before` into `after`. A record of a kilobyte of which a flag and a counter change costs
 * a tenth of its replacement, here, on the wire and in the database's log.
 */
export function updateOf<Document extends object>(before: Document, after: Document): FieldUpdate<Document> {
  const $set: Partial<Document> = {};
  const $unset: Partial<Record<keyof Document, 1>> = {};
  for (const name of Object.keys(after) as (keyof Document)[]) {
    const value = after[name];
    if (value === undefined || isSame(before[name], value)) continue;
    $set[name] = value;
  }
  let isLess = false;
  for (const name of Object.keys(before) as (keyof Document)[]) {
    if (before[name] === undefined || after[name] !== undefined) continue;
    $unset[name] = 1;
    isLess = true;
  }
  return isLess ? { $set, $unset } : { $set };
}

/** Most fields are the very same value: a look is cheaper than a comparison. */
function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  return typeof before === 'object' && typeof after === 'object' && isDeepStrictEqual(before, after);
}
