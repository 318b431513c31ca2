import { type CredentialRecord, credentialRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { type EditDocument, editPaths } from '../edits.js';
import { anything, recordPaths, text } from '../models/paths.js';

export interface CredentialDocument extends Omit<CredentialRecord, 'id' | 'ownUsers'> {
  _id: string;
  /** Absent as long as nobody answered. */
  ownUsers?: CredentialRecord['ownUsers'];
  /** Who changed it, of each person the newest change of a kind; absent until the first change since it is kept. */
  edits?: EditDocument[];
}

export const credentials = defineCollection<CredentialDocument>({
  owner: 'credential-vault',
  name: 'credentials',
  published: true,
  paths: { _id: text, ...recordPaths(credentialRecordSchema), ownUsers: anything, edits: editPaths },
  indexes: [{ key: { name: 1 }, options: { unique: true } }],
});
