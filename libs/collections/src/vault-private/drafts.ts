import { type CredentialRecord, credentialRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { anything, date, fits, text } from '../models/paths.js';
import type { CiphertextDocument } from './ciphertexts.js';

/** A credential that is tried before it is stored. */
export interface DraftDocument {
  _id: string;
  record: CredentialRecord;
  ciphertexts: readonly CiphertextDocument[];
  removeAt: Date;
}

export const drafts = defineCollection<DraftDocument>({
  owner: 'vault-private',
  name: 'drafts',
  published: false,
  paths: { _id: text, record: fits(credentialRecordSchema), ciphertexts: anything, removeAt: date },
  indexes: [{ key: { removeAt: 1 }, options: { expireAfterSeconds: 0 } }],
});
