import { type CredentialRecord, credentialRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { type EditDocument, editPaths } from '../edits.js';
import { recordPaths, text } from '../models/paths.js';

/** What a record did not have from the beginning: absent in those that nobody changed since. */
type Later = Pick<CredentialRecord, 'ownUsers' | 'advanced' | 'previous' | 'owner' | 'expiresAt' | 'consentUrl'>;

export interface CredentialDocument extends Omit<CredentialRecord, 'id' | keyof Later>, Partial<Later> {
  _id: string;
  /** Who changed it, of each person the newest change of a kind; absent until the first change since it is kept. */
  edits?: EditDocument[];
}

export const credentials = defineCollection<CredentialDocument>({
  owner: 'credential-vault',
  name: 'credentials',
  published: true,
  paths: { _id: text, ...recordPaths(credentialRecordSchema), edits: editPaths },
  indexes: [{ key: { name: 1 }, options: { unique: true } }, { key: { expiresAt: 1 } }],
});
