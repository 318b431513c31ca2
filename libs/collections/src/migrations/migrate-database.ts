import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Collection, Db, Document } from 'mongodb';

import type { Databases } from '../databases.js';
import type { DatabaseOwner } from '../define-collection.js';
import { migrationsOf } from './all-migrations.js';
import type { ChangedDocuments, DroppedIndex, Migration, MigrationStep, MovedCollection } from './migration.js';
import {
  firstVersion,
  foundVersion,
  refuseNewer,
  type SchemaDocument,
  schemaOf,
  wantedVersion,
  writeVersionOnce,
} from './schema-versions.js';

export interface MigrationOptions {
  /** Takes lines for whoever waits. */
  readonly tell?: (line: string) => void;
  /** Instead of those of the owner, for tests. */
  readonly migrations?: readonly Migration[];
  /** How long the others wait for a process that was killed. */
  readonly lockMs?: number;
}

const batchSize = 500;
const defaultLockMs = 30_000;
const lookMs = 500;

/**
 * What a database still lacks, oldest first; nothing when it is new.
 * @throws SchemaVersionError when it is of a later version
 */
export async function pendingMigrations(databases: Databases, owner: DatabaseOwner): Promise<readonly Migration[]> {
  const migrations = migrationsOf(owner);
  const database = databases.database(owner);
  const found = await foundVersion(database);
  if (found === null) return [];
  refuseNewer(database.databaseName, found, wantedVersion(migrations));
  return migrations.slice(found - firstVersion);
}

/**
 * Brings a database to the version that this code needs. One process does it and others wait; what a killed one left
 * half done is gone on with.
 * @throws SchemaVersionError when it is of a later version
 */
export async function migrateDatabase(
  databases: Databases,
  owner: DatabaseOwner,
  { tell = () => undefined, migrations = migrationsOf(owner), lockMs = defaultLockMs }: MigrationOptions = {},
): Promise<void> {
  const database = databases.database(owner);
  const found = (await foundVersion(database)) ?? wantedVersion(migrations);
  await writeVersionOnce(database, found);
  await new DatabaseMigration(databases, owner, { migrations, lockMs, tell }).run();
}

/** Somebody else took over, because this process was silent for too long. */
class LockLost extends Error {}

class DatabaseMigration {
  private readonly holder = randomUUID();

  private readonly database: Db;
  private readonly schema: Collection<SchemaDocument>;

  constructor(
    private readonly databases: Databases,
    owner: DatabaseOwner,
    private readonly options: Required<MigrationOptions>,
  ) {
    this.database = databases.database(owner);
    this.schema = databases.collection(schemaOf(owner));
  }

  async run(): Promise<void> {
    const wanted = wantedVersion(this.options.migrations);
    for (let toldOfOther = false; ;) {
      const { version } = (await this.schema.findOne({ _id: 'schema' }))!;
      refuseNewer(this.database.databaseName, version, wanted);
      if (version === wanted) return;
      if (await this.takeLock(version)) {
        await this.migrateFrom(version);
        continue;
      }
      if (!toldOfOther) this.say('another process is changing it; waiting for that.');
      toldOfOther = true;
      await sleep(Math.min(lookMs, this.options.lockMs));
    }
  }

  /** To the end, or until the lock is lost. */
  private async migrateFrom(version: number): Promise<void> {
    try {
      for (const [place, migration] of this.options.migrations.slice(version - firstVersion).entries()) {
        const next = version + place + 1;
        this.say(`version ${next}: ${migration.what}`);
        for (const step of migration.steps) await this.take(step);
        await this.arriveAt(next);
      }
    } catch (error) {
      if (!(error instanceof LockLost)) throw error;
    } finally {
      await this.schema.updateOne({ _id: 'schema', 'lock.holder': this.holder }, { $set: { lock: null } });
    }
  }

  private async take(step: MigrationStep): Promise<void> {
    if ('dropIndex' in step) return this.dropIndex(step);
    if ('from' in step) return this.move(step);
    const changed = await this.change(step);
    if (changed > 0) this.say(`${changed} documents of ${step.collection} changed.`);
  }

  private async change({ collection, where, set, beside }: ChangedDocuments): Promise<number> {
    const documents = this.database.collection(collection);
    let changed = 0;
    // Each batch begins where the one before ended: a document that is still found afterwards is not met for ever.
    for (let filter = where; ;) {
      await this.renewLock();
      const batch = await documents.find(filter).sort({ _id: 1 }).limit(batchSize).toArray();
      if (batch.length === 0) return changed;
      const others = await this.besideOf(batch, beside);
      const writes = batch.map((document) => ({
        updateOne: {
          filter: { $and: [{ _id: document._id }, where] },
          update: { $set: set(document, others.get(document._id) ?? []) },
        },
      }));
      changed += (await documents.bulkWrite(writes, { ordered: false })).modifiedCount;
      filter = { $and: [where, { _id: { $gt: batch.at(-1)!._id } }] };
    }
  }

  private async besideOf(
    batch: readonly Document[],
    beside: ChangedDocuments['beside'],
  ): Promise<ReadonlyMap<unknown, Document[]>> {
    const named = new Map<unknown, Document[]>();
    if (beside === undefined) return named;
    for await (const one of this.database.collection(beside.collection).find(beside.where(batch))) {
      const name: unknown = one[beside.names];
      named.set(name, [...(named.get(name) ?? []), one]);
    }
    return named;
  }

  private async dropIndex({ collection, dropIndex }: DroppedIndex): Promise<void> {
    await this.renewLock();
    if (!(await isThere(this.database, collection))) return;
    const documents = this.database.collection(collection);
    const key = JSON.stringify(dropIndex);
    const index = (await documents.indexes()).find((one) => JSON.stringify(one.key) === key);
    if (index?.name === undefined) return;
    await documents.dropIndex(index.name);
    this.say(`index ${index.name} of ${collection} removed.`);
  }

  /** Killed in between, it is repeated: what was copied stays, and nothing is dropped before all of it is here. */
  private async move({ collection, from }: MovedCollection): Promise<void> {
    await this.renewLock();
    const source = this.databases.database(from).collection(collection);
    if (!(await isThere(this.databases.database(from), collection))) return;
    const into = { db: this.database.databaseName, coll: collection };
    await source.aggregate([{ $merge: { into, on: '_id', whenMatched: 'keepExisting' } }]).toArray();
    await this.renewLock();
    await source.drop();
    this.say(`${collection} moved here from ${source.dbName}.`);
  }

  /** Only at the version that was seen: meanwhile another process may have finished. */
  private async takeLock(version: number): Promise<boolean> {
    const isFree = { $or: [{ $eq: [{ $ifNull: ['$lock', null] }, null] }, { $lt: ['$lock.until', '$$NOW'] }] };
    const taken = await this.schema.updateOne({ _id: 'schema', version, $expr: isFree }, [
      { $set: { lock: { holder: this.holder, until: this.until } } },
    ]);
    return taken.matchedCount > 0;
  }

  /** @throws LockLost */
  private async renewLock(): Promise<void> {
    const renewed = await this.schema.updateOne({ _id: 'schema', 'lock.holder': this.holder }, [
      { $set: { 'lock.until': this.until } },
    ]);
    if (renewed.matchedCount === 0) throw new LockLost();
  }

  /** @throws LockLost */
  private async arriveAt(version: number): Promise<void> {
    const arrived = await this.schema.updateOne({ _id: 'schema', 'lock.holder': this.holder, version: version - 1 }, [
      { $set: { version, at: '$$NOW', 'lock.until': this.until } },
    ]);
    if (arrived.matchedCount === 0) throw new LockLost();
  }

  private get until() {
    return { $add: ['$$NOW', this.options.lockMs] };
  }

  private say(line: string): void {
    this.options.tell(`${this.database.databaseName}: ${line}`);
  }
}

async function isThere(database: Db, collection: string): Promise<boolean> {
  return (await database.listCollections({ name: collection }, { nameOnly: true }).toArray()).length > 0;
}
