export * from './all-migrations.js';
export * from './migrate-database.js';
export * from './migration.js';
export * from './schema-versions.js';
