import type { CollationOptions, Document, Filter } from 'mongodb';

import type { IndexDefinition } from '../define-collection.js';

/**
 * How text is compared in lists: without case, in the order of a dictionary, and whether or not letters are composed.
 * Indexes on text have it, and are of use only to queries that have it too.
 */
export const folded: CollationOptions = { locale: 'en', strength: 2, normalization: true };

/**
 * An index that lists are read by. `_id` comes last in each, so that it gives an order without ties. A list is read by it
 * if all its paths but the last are compared for equality.
 */
export interface ListIndex {
  /** Without `_id`. */
  readonly paths: readonly string[];
  /** Whether text in it is compared without case. */
  readonly isFolded?: boolean;
  /** Holds only documents with this value, so the filter must ask for it. */
  readonly only?: Readonly<Record<string, boolean>>;
  /** One of its paths: it holds only documents that have a text there. */
  readonly sparse?: string;
}

/** Every list can be read by this one. */
export const byId: ListIndex = { paths: [] };

export function keyOfIndex({ paths }: ListIndex): Record<string, 1> {
  return Object.fromEntries([...paths, '_id'].map((path) => [path, 1 as const]));
}

export function definitionOf(index: ListIndex): IndexDefinition {
  const partial: Filter<Document> = { ...index.only, ...(index.sparse === undefined ? {} : isText(index.sparse)) };
  return {
    key: keyOfIndex(index),
    options: {
      ...(index.isFolded === true ? { collation: folded } : {}),
      ...(Object.keys(partial).length > 0 ? { partialFilterExpression: partial } : {}),
    },
  };
}

/** What a query for texts of a sparse path has to say, so that the database knows that the index holds all of them. */
export const isText = (path: string): Filter<Document> => ({ [path]: { $gte: '' } });
