import {
  type DatabaseOwner,
  databaseOwners,
  Databases,
  findIndexDifferences,
  type IndexDifference,
  migrateDatabase,
  type Migration,
  pendingMigrations,
  SchemaVersionError,
  syncIndexes,
} from '@rollcall/collections';

import { CliError } from '../cli-error.js';

export interface UpgradeOptions {
  readonly mongodbUri: string;
  readonly namespace: string;
  readonly log: (line: string) => void;
  /** Only says what would be changed. */
  readonly dryRun?: boolean;
  /** Before anything is changed: whatever may still write in the old way must end. */
  readonly beforehand?: () => Promise<unknown>;
}

const guide = 'docs/guides/upgrade.md';

/**
 * Brings all databases to the version of this code, and says what it does. Returns how many an earlier version wrote.
 * @throws CliError when a later version wrote one
 */
export async function upgradeDatabases(options: UpgradeOptions): Promise<number> {
  const { mongodbUri: uri, namespace, log, dryRun = false, beforehand } = options;
  const databases = await Databases.connect({ uri, namespace, appName: 'upgrade' });
  try {
    const pending = await findPending(databases);
    if (pending.size > 0) {
      for (const line of announcement(databases, pending, dryRun)) log(line);
      if (!dryRun) {
        await beforehand?.();
        for (const owner of pending.keys()) await migrateDatabase(databases, owner, { tell: log });
        log('The databases are of this version now.');
      }
    }
    return pending.size + (await upgradeIndexes(databases, log, dryRun));
  } catch (error) {
    if (error instanceof SchemaVersionError) throw new CliError(error.message, `See ${guide}.`, { cause: error });
    throw error;
  } finally {
    await databases.close();
  }
}

/** Returns how many collections had other indexes than their schema says; those of a new installation do not count. */
async function upgradeIndexes(databases: Databases, log: UpgradeOptions['log'], dryRun: boolean): Promise<number> {
  const existing = await existingDatabases(databases);
  const differences = (await findIndexDifferences(databases)).filter(({ owner }) => existing.has(owner));
  for (const difference of differences) log(indexLine(databases, difference, dryRun));
  if (!dryRun) await syncIndexes(databases, differences);
  return differences.length;
}

async function existingDatabases(databases: Databases): Promise<ReadonlySet<DatabaseOwner>> {
  const { databases: all } = await databases.client.db().admin().listDatabases({ nameOnly: true });
  const names = new Set(all.map(({ name }) => name));
  return new Set(databaseOwners.filter((owner) => names.has(databases.database(owner).databaseName)));
}

function indexLine(databases: Databases, difference: IndexDifference, dryRun: boolean): string {
  const { owner, collection, missing, stale } = difference;
  const [make, drop] = dryRun ? ['would be made', 'would be dropped'] : ['made', 'dropped'];
  const parts = [
    ...missing.map((key) => `index ${key} ${make}`),
    ...stale.map((name) => `index ${name} ${drop}, because this version has no such index`),
  ];
  return `  ${databases.database(owner).databaseName}.${collection}: ${parts.join('; ')}`;
}

type Pending = ReadonlyMap<DatabaseOwner, readonly Migration[]>;

/** All are looked at first: if one is of a later version, none is changed. */
async function findPending(databases: Databases): Promise<Pending> {
  const all = await Promise.all(
    databaseOwners.map(async (owner) => [owner, await pendingMigrations(databases, owner)] as const),
  );
  return new Map(all.filter(([, migrations]) => migrations.length > 0));
}

function announcement(databases: Databases, pending: Pending, dryRun: boolean): string[] {
  return [
    `An earlier version of Rollcall wrote ${pending.size} of the databases. ${dryRun ? 'They would be changed:' : 'They are changed now:'}`,
    ...[...pending].flatMap(([owner, migrations]) =>
      migrations.map(({ what }) => `  ${databases.database(owner).databaseName}: ${what}`),
    ),
    'The earlier version cannot work with them afterwards: the only way back is a backup made before. On one machine: ' +
      `\`./rollcall down\`, then copy mongodb/, kafka/ and keys/ of its data directory (${guide}).`,
  ];
}
