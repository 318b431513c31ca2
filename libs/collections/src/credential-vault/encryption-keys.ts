import { type EncryptionKeys, encryptionKeysSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { oneOf, recordPaths } from '../models/paths.js';

/** The one document of how it stands with the keys of the vault: ids and counts, nothing of a key. */
export interface EncryptionKeysDocument extends EncryptionKeys {
  _id: 'encryption-keys';
}

export const encryptionKeys = defineCollection<EncryptionKeysDocument>({
  owner: 'credential-vault',
  name: 'encryptionKeys',
  published: true,
  paths: { _id: oneOf('encryption-keys'), ...recordPaths(encryptionKeysSchema) },
});
