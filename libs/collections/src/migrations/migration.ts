import type { Document, Filter } from 'mongodb';

import type { DatabaseOwner } from '../define-collection.js';

/**
 * The step from one version of a database to the next. It may be killed at any point and is begun again then, so all of
 * it must be repeatable: what was done must not be found by `where` again, or come out the same.
 */
export interface Migration {
  /** What changes, for whoever upgrades. */
  readonly what: string;
  readonly steps: readonly MigrationStep[];
}

export type MigrationStep = ChangedDocuments | DroppedIndex | MovedCollection;

export interface ChangedDocuments {
  readonly collection: string;
  /** Documents that were not changed yet. Compared again when each is written: somebody else may have been faster. */
  readonly where: Filter<Document>;
  /** The fields to set in a document, by path. Pure. */
  readonly set: (document: Document, beside?: readonly Document[]) => Readonly<Record<string, unknown>>;
  /** Documents of another collection that `set` needs: those that name the document in this field. */
  readonly beside?: {
    readonly collection: string;
    readonly names: string;
    readonly where: (documents: readonly Document[]) => Filter<Document>;
  };
}

/** An index that is not wanted any more, or that shall be made with other options: the new one is made afterwards. */
export interface DroppedIndex {
  readonly collection: string;
  readonly dropIndex: Readonly<Record<string, 1 | -1>>;
}

/** A collection that another database of the same owner held. What is here already stays. */
export interface MovedCollection {
  readonly collection: string;
  readonly from: DatabaseOwner;
}

/**
 * Gives the fields, by path, to documents that lack one of them. A value that is a function is made from the document.
 * Where a path leads through an object that may be null, `only` says that it is there.
 */
export function missingFields(
  collection: string,
  values: Readonly<Record<string, unknown>>,
  only: Filter<Document> = {},
): ChangedDocuments {
  const paths = Object.keys(values);
  return {
    collection,
    where: { $and: [only, { $or: paths.map((path) => ({ [path]: { $exists: false } })) }] },
    set: (document) => {
      const missing = paths.filter((path) => valueAt(document, path) === undefined);
      return Object.fromEntries(missing.map((path) => [path, valueFor(values[path], document)]));
    },
  };
}

function valueAt(document: Document, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Document | undefined)?.[name], document);
}

function valueFor(value: unknown, document: Document): unknown {
  return typeof value === 'function' ? (value as (of: Document) => unknown)(document) : value;
}
