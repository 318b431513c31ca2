import type { Document } from 'mongodb';

import type { SortValue } from './cursor.js';
import { valueAt } from './find-page.js';

export interface Order {
  readonly path: string;
  readonly descending: boolean;
  /** Documents without the path come last in both directions. */
  readonly isNullLast: boolean;
}

/** The documents that come first behind a place, in an order that is the database's for its indexes on text. */
export function firstBehind<Doc extends Document & { _id: string }>(
  all: readonly Doc[],
  { path, descending, isNullLast }: Order,
  from: { readonly value: SortValue; readonly id: string } | null,
  count: number,
): Doc[] {
  const step = descending ? -1 : 1;
  const keyOf = (one: Doc) => ({ value: path === '_id' ? null : valueAt(one, path), id: one._id });
  const compare = (a: ReturnType<typeof keyOf>, b: ReturnType<typeof keyOf>): number =>
    (isNullLast ? Number(a.value === null) - Number(b.value === null) : 0) ||
    step * (compareValues(a.value, b.value) || compareIds(a.id, b.id));
  return all
    .map((one) => ({ one, key: keyOf(one) }))
    .filter(({ key }) => from === null || compare(key, from) > 0)
    .sort((a, b) => compare(a.key, b.key))
    .slice(0, count)
    .map(({ one }) => one);
}

const compareIds = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const collator = new Intl.Collator('en', { sensitivity: 'accent' });

function compareValues(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  return a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
}
