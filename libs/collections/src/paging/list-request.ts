import type { Document, Filter } from 'mongodb';

import type { FilterNode } from './filter.js';
import type { FilterField } from './filter-fields.js';
import type { ListIndex } from './list-index.js';

/** Most documents that are put together and sorted for one page. */
export const mostGathered = 2_000;
/** Most documents that are looked at for one page of a large collection. */
export const mostLookedAt = 5_000;
/** Up to so many documents everything is answered: looking at all of them costs less than saying no. */
export const smallCollection = 20_000;
/** Totals are counted up to here. */
export const mostCounted = 100_000;

export interface ListRequest {
  readonly filter: FilterNode | null;
  /** Conditions that are true of nearly everybody, in the terms of the database. */
  readonly always: readonly Filter<Document>[];
  /** Null: any order. */
  readonly sort: { readonly field: FilterField; readonly name: string; readonly descending: boolean } | null;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly countTotal: boolean;
  readonly indexes: readonly ListIndex[];
  /** Path → how its values are ordered. */
  readonly typeOf: (path: string) => 'text' | 'number' | 'boolean';
  /** Names that filters are answered by, for whoever asks for something else. */
  readonly indexed: readonly string[];
}
