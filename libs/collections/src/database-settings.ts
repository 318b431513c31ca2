import type { Collection, IndexDescriptionInfo } from 'mongodb';

import type { Databases } from './databases.js';
import { collectionsOf, type DatabaseOwner, indexesOf } from './define-collection.js';

/** What database and driver really do with a write and a read (P1). */
export interface DatabaseSettings {
  /** Null: no replica set, so that no transaction and no majority exists. */
  readonly replicaSet: string | null;
  /** Members that hold data. */
  readonly dataMembers: number;
  readonly arbiters: number;
  readonly writeConcern: string;
  readonly journal: boolean;
  readonly retryWrites: boolean;
  readonly readConcern: string;
  readonly readPreference: string;
}

interface SetConfig {
  readonly config: { readonly _id: string; readonly members: readonly { readonly arbiterOnly?: boolean }[] };
}

export async function readDatabaseSettings({ client }: Databases): Promise<DatabaseSettings> {
  const config = await setConfigOf(client.db('admin'));
  const members = config?.members ?? [];
  const arbiters = members.filter(({ arbiterOnly }) => arbiterOnly === true).length;
  return {
    replicaSet: config?._id ?? null,
    dataMembers: members.length - arbiters,
    arbiters,
    ...driverSettings(client),
  };
}

/** As the driver was told, or does by itself. */
function driverSettings({
  options,
}: Databases['client']): Omit<DatabaseSettings, 'replicaSet' | 'dataMembers' | 'arbiters'> {
  const { writeConcern, readConcern, readPreference, retryWrites } = options;
  return {
    writeConcern: String(writeConcern?.w ?? 1),
    journal: writeConcern?.journal === true,
    retryWrites,
    readConcern: readConcern?.level ?? 'local',
    readPreference: readPreference.mode,
  };
}

/** Unique indexes of an owner that are missing: they carry invariants, so that a race ends in a refusal (P1). */
export async function missingUniqueIndexes(databases: Databases, owner: DatabaseOwner): Promise<string[]> {
  const missing: string[] = [];
  for (const definition of collectionsOf(owner)) {
    const { name } = definition;
    const unique = indexesOf(definition).filter(({ options }) => options?.unique === true);
    if (unique.length === 0) continue;
    const known = await existingIndexes(databases.database(owner).collection(name));
    for (const { key } of unique) {
      const wanted = JSON.stringify(key);
      if (!known.some((index) => index.unique === true && JSON.stringify(index.key) === wanted)) {
        missing.push(`${name} ${wanted}`);
      }
    }
  }
  return missing;
}

const NAMESPACE_NOT_FOUND = 26;

/** A collection that is not there has no index. */
export async function existingIndexes(collection: Collection): Promise<IndexDescriptionInfo[]> {
  try {
    return await collection.indexes();
  } catch (error) {
    if ((error as { code?: number }).code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

const NO_REPLICATION = 76;

async function setConfigOf(admin: ReturnType<Databases['client']['db']>): Promise<SetConfig['config'] | null> {
  try {
    return ((await admin.command({ replSetGetConfig: 1 })) as SetConfig & Record<string, unknown>).config;
  } catch (error) {
    if ((error as { code?: number }).code === NO_REPLICATION) return null;
    throw error;
  }
}
