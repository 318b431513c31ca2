import { type Migration, missingFields } from './migration.js';

export const credentialVaultMigrations: readonly Migration[] = [
  {
    what: 'credentials say whether their vendor accepts them',
    steps: [missingFields('credentials', { attention: null })],
  },
];
