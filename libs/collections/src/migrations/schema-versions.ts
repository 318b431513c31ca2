import { AppError } from '@rollcall/contracts';
import type { Db } from 'mongodb';

import {
  type CollectionDefinition,
  type DatabaseOwner,
  databaseOwners,
  defineCollection,
} from '../define-collection.js';
import { isDuplicateKey } from '../duplicate-keys.js';
import { date, lease, number, oneOf } from '../models/paths.js';
import { migrationsOf } from './all-migrations.js';
import type { Migration } from './migration.js';

/** Which version a database has, and who is changing that. The only document of its collection. */
export interface SchemaDocument {
  _id: 'schema';
  version: number;
  /** When it came to this version. */
  at: Date;
  /** Who migrates it now, until when at the latest; by the database's clock. */
  lock?: { holder: string; until: Date } | null;
}

/** Of a database that was written before there were versions, and so has none written in it. */
export const firstVersion = 1;

/** Where a database says its version. */
export const schemaCollection = 'schema';
const byOwner = new Map<DatabaseOwner, CollectionDefinition<SchemaDocument>>(
  databaseOwners.map((owner) => [
    owner,
    defineCollection<SchemaDocument>({
      owner,
      name: schemaCollection,
      published: true,
      paths: { _id: oneOf('schema'), version: number, at: date, lock: lease },
    }),
  ]),
);

export function schemaOf(owner: DatabaseOwner): CollectionDefinition<SchemaDocument> {
  return byOwner.get(owner)!;
}

/** The version that somebody with these migrations reads and writes. */
export function wantedVersion(migrations: readonly Migration[]): number {
  return firstVersion + migrations.length;
}

/** The version of a database; null of one that nobody has written to yet. */
export async function foundVersion(database: Db): Promise<number | null> {
  const schema = await database.collection<SchemaDocument>(schemaCollection).findOne({ _id: 'schema' });
  if (schema !== null) return schema.version;
  const others = await database.listCollections({ name: { $ne: schemaCollection } }, { nameOnly: true }).toArray();
  return others.length === 0 ? null : firstVersion;
}

/** Writes the version into a database that has none written in it. Two at once are as good as one. */
export async function writeVersionOnce(database: Db, version: number): Promise<void> {
  try {
    await database
      .collection<SchemaDocument>(schemaCollection)
      .insertOne({ _id: 'schema', version, at: new Date(), lock: null });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

export type SchemaVersionErrorCode = 'database-older' | 'database-newer';

/** This code must not touch a database. The message says why, and the cure. */
export class SchemaVersionError extends AppError<SchemaVersionErrorCode> {
  override readonly name = 'SchemaVersionError';
}

/** @throws SchemaVersionError when the database is of a later version than wanted */
export function refuseNewer(database: string, found: number, wanted: number): void {
  if (found <= wanted) return;
  throw new SchemaVersionError(
    'database-newer',
    `${versions(database, found, wanted)} A later version of Rollcall wrote it, which this one cannot read. Nothing was ` +
      'changed. Install that later version, or restore the backup that was made before it was installed.',
  );
}

/**
 * Of a database that a service is about to work with. A new one may be worked with too.
 * @throws SchemaVersionError when it is of another version than this code's
 */
export async function requireVersion(database: Db, owner: DatabaseOwner): Promise<number> {
  const wanted = wantedVersion(migrationsOf(owner));
  const found = (await foundVersion(database)) ?? wanted;
  refuseNewer(database.databaseName, found, wanted);
  if (found === wanted) return wanted;
  throw new SchemaVersionError(
    'database-older',
    `${versions(database.databaseName, found, wanted)} An earlier version of Rollcall wrote it. Nothing was changed. ` +
      'Stop all services, make a backup of MongoDB, and run `rollcall provision` (`./rollcall up` does it too).',
  );
}

const versions = (database: string, found: number, wanted: number): string =>
  `The database ${database} has version ${found}, and version ${wanted} is needed.`;
