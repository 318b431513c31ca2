import type { Databases } from './databases.js';
import { collectionsOf, type DatabaseOwner, databaseOwners } from './define-collection.js';
import { indexedField } from './mapping/people.js';

/** What the indexes of a collection lack of its schema, and which no schema asks for any more. */
export interface IndexDifference {
  readonly owner: DatabaseOwner;
  readonly collection: string;
  /** Keys, as JSON. */
  readonly missing: readonly string[];
  /** Names. */
  readonly stale: readonly string[];
}

/** Of all databases; collections that are as their schema says are left out. */
export async function findIndexDifferences(databases: Databases): Promise<IndexDifference[]> {
  const differences: IndexDifference[] = [];
  for (const owner of databaseOwners) {
    for (const definition of collectionsOf(owner)) {
      const { toCreate, toDrop } = await databases.model(definition).diffIndexes();
      // Those of people fields come and go as somebody marks them: mapping sees to that.
      const stale = toDrop.filter((name) => indexedField(name) === null);
      const missing = (toCreate as readonly object[]).map((key) => JSON.stringify(key));
      if (missing.length + stale.length > 0) {
        differences.push({ owner, collection: definition.name, missing, stale });
      }
    }
  }
  return differences;
}

/**
 * Makes missing indexes and drops stale ones. Only for somebody who sets an installation up: a service makes what is
 * missing at its start and drops nothing, because a replica of an earlier version may still need it.
 */
export async function syncIndexes(databases: Databases, differences: readonly IndexDifference[]): Promise<void> {
  for (const { owner, collection, stale } of differences) {
    const definition = collectionsOf(owner).find(({ name }) => name === collection)!;
    for (const name of stale) await databases.collection(definition).dropIndex(name);
    await databases.model(definition).createIndexes();
  }
}
