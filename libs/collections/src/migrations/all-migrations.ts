import type { DatabaseOwner } from '../define-collection.js';
import { credentialVaultMigrations } from './credential-vault-migrations.js';
import { mappingMigrations } from './mapping-migrations.js';
import type { Migration } from './migration.js';
import { syncRunnerMigrations } from './sync-runner-migrations.js';

/** By owner, oldest first. A released one is never changed: a further one is appended. */
const migrations: Partial<Record<DatabaseOwner, readonly Migration[]>> = {
  'credential-vault': credentialVaultMigrations,
  mapping: mappingMigrations,
  'sync-runner': syncRunnerMigrations,
};

export function migrationsOf(owner: DatabaseOwner): readonly Migration[] {
  return migrations[owner] ?? [];
}
