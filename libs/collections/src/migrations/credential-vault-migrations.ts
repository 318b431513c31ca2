import { type Migration, missingFields } from './migration.js';

export const credentialVaultMigrations: readonly Migration[] = [
  {
    what: 'credentials say whether their vendor accepts them',
    steps: [missingFields('credentials', { attention: null })],
  },
  {
    what: 'uses of secrets stand where administrators can read them',
    steps: [
      { collection: 'useLog', from: 'vault-private' },
      { collection: 'useChains', from: 'vault-private' },
    ],
  },
];
