import { type Collection, type Db, type Document, MongoClient, ReadConcern } from 'mongodb';
import type { Connection, Model } from 'mongoose';

import { carriedOn } from './carried-clock.js';
import { type CollectionDefinition, collectionsOf, type DatabaseOwner, indexesOf } from './define-collection.js';
import { migrationsOf } from './migrations/all-migrations.js';
import { firstVersion, schemaCollection, wantedVersion, writeVersionOnce } from './migrations/schema-versions.js';
import { mongoose } from './models/mongoose.js';

export interface MongoOptions {
  readonly uri: string;
  /** Prefix of all databases, `rollcall` by default. Tests take one each. */
  readonly namespace: string;
  /** Who connects: a service's name, or a tool's. */
  readonly appName: string;
  /** Most connections at once; the hot path needs few. */
  readonly poolSize?: number;
}

/**
 * The databases of one installation, one per owner. Everything is read from the primary with majority read concern
 * and written with majority and journal, because guards, leases and deduplication rest on these reads (P1).
 */
export class Databases {
  private constructor(
    readonly connection: Connection,
    readonly namespace: string,
    /** `now` in epoch milliseconds, without asking each time. */
    readonly timeMs: () => number,
  ) {}

  /** Connects within 30 s or throws the driver's error. */
  static async connect(options: MongoOptions): Promise<Databases> {
    const client = new MongoClient(options.uri, {
      // The server knows the connections by it: the installation, and who it is in it.
      appName: `${options.namespace}.${options.appName}`,
      ignoreUndefined: true,
      maxPoolSize: options.poolSize ?? 20,
      readConcern: new ReadConcern('majority'),
      readPreference: 'primary',
      retryReads: true,
      retryWrites: true,
      serverSelectionTimeoutMS: 30_000,
      writeConcern: { w: 'majority', j: true },
    });
    await client.connect();
    // Mongoose would connect by itself, and throw errors of its own, which nobody who waits for a database knows.
    const connection = mongoose.createConnection();
    connection.setClient(client as never);
    return new Databases(connection, options.namespace, await carriedOn(() => primaryTime(client)));
  }

  get client(): MongoClient {
    // The same package; mongoose declares it once more.
    return this.connection.getClient() as unknown as MongoClient;
  }

  database(owner: DatabaseOwner): Db {
    return this.client.db(`${this.namespace}_${owner.replaceAll('-', '_')}`);
  }

  /**
   * For reads and for writes that are not many: what does not fit the schema is refused with `RefusedDocumentError`.
   * Reads say `lean()`.
   */
  model<Doc extends Document>({ owner, name, schema }: CollectionDefinition<Doc>): Model<Doc> {
    const database = this.connection.useDb(this.database(owner).databaseName, { useCache: true });
    return (database.models[name] as Model<Doc> | undefined) ?? database.model<Doc>(name, schema, name);
  }

  /** The driver's collection, on the same connection: nothing is checked. For the hot path and its many writes. */
  collection<Doc extends Document>(definition: CollectionDefinition<Doc>): Collection<Doc> {
    return this.database(definition.owner).collection<Doc>(definition.name);
  }

  /** Creates the collections and indexes of an owner, and the version of a new database; safe to repeat (G2). */
  async ensure(owner: DatabaseOwner): Promise<void> {
    const database = this.database(owner);
    const existing = new Set(
      (await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
    );
    // Before anything else is made: a database that has something and no version counts as one of the first release.
    if (!existing.has(schemaCollection)) {
      await writeVersionOnce(database, existing.size === 0 ? wantedVersion(migrationsOf(owner)) : firstVersion);
    }
    for (const definition of collectionsOf(owner)) {
      if (!existing.has(definition.name)) await createIfMissing(database, definition.name);
      for (const { key, options } of indexesOf(definition)) {
        await database.collection(definition.name).createIndex(key, options);
      }
    }
  }

  /** Where it is, as the settings say, without user and password. */
  get address(): string {
    const { srvHost, hosts } = this.client.options;
    return srvHost ?? hosts.map(String).join(', ');
  }

  /**
   * What time it is by the primary's clock, which all replicas of all services share. Whatever is compared between
   * processes, or decides about weeks to come, goes by it: the clock of one machine may be wrong by hours. An answer also
   * says that there is a primary.
   */
  now(): Promise<Date> {
    return primaryTime(this.client);
  }

  /** `timeMs` as a date. */
  time(): Date {
    return new Date(this.timeMs());
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

const NAMESPACE_EXISTS = 48;

/** Two replicas may start at once; the loser's "exists already" is success. */
async function createIfMissing(database: Db, name: string): Promise<void> {
  try {
    await database.createCollection(name);
  } catch (error) {
    if ((error as { code?: number }).code !== NAMESPACE_EXISTS) throw error;
  }
}

async function primaryTime(client: MongoClient): Promise<Date> {
  const { localTime } = await client.db('admin').command({ hello: 1 });
  return localTime as Date;
}
