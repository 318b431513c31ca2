import type { Databases } from './databases.js';
import { collectionsOf, databaseOwners } from './define-collection.js';
import { faultsOf } from './models/refused-document.js';

/** Documents of one collection that do not fit its schema. */
export interface Misfits {
  /** `<database>.<collection>`. */
  readonly collection: string;
  /** How many documents were looked at: all, or a random sample of a large collection. */
  readonly looked: number;
  readonly count: number;
  /** What is wrong with the first of them, by path and without values. */
  readonly faults: readonly string[];
}

/** Documents looked at in each collection. */
const sampleSize = 1_000;

/** Looks whether stored documents are what this code takes them for. Nothing is changed. */
export async function findMisfits(databases: Databases): Promise<Misfits[]> {
  const found: Misfits[] = [];
  for (const owner of databaseOwners) {
    for (const definition of collectionsOf(owner)) {
      const Model = databases.model(definition);
      const documents = await databases
        .collection(definition)
        .aggregate([{ $sample: { size: sampleSize } }])
        .toArray();
      const faults: string[][] = [];
      for (const document of documents) {
        const own = await faultsIn(async () => new Model(document).validate());
        if (own.length > 0) faults.push(own);
      }
      const collection = `${databases.database(owner).databaseName}.${definition.name}`;
      if (faults.length > 0) {
        found.push({ collection, looked: documents.length, count: faults.length, faults: faults[0]! });
      }
    }
  }
  return found;
}

async function faultsIn(validate: () => Promise<void>): Promise<string[]> {
  try {
    await validate();
    return [];
  } catch (error) {
    return faultsOf(error);
  }
}
