import type { CredentialRecord } from '@rollcall/contracts';

import { days, defineCollection } from './define-collection.js';
import type { EditDocument } from './edits.js';

export interface CredentialDocument extends Omit<CredentialRecord, 'id' | 'ownUsers'> {
  _id: string;
  /** Absent as long as nobody answered. */
  ownUsers?: CredentialRecord['ownUsers'];
  /** Who changed it, of each person the newest change of a kind; absent until the first change since it is kept. */
  edits?: EditDocument[];
}

/**
 * Ciphertext of one secret field. Bound by additional data to credential, connector, type, origin of the address, field,
 * version and key.
 */
export interface CiphertextDocument {
  /** `<credential>/<field>`. */
  _id: string;
  credential: string;
  field: string;
  secretVersion: number;
  /** Where it may be sent, in words only: the ciphertext itself decides. Absent in those from before it was kept. */
  origin?: string;
  dataKey: string;
  ciphertext: string;
}

export interface DataKeyDocument {
  _id: string;
  wrapped: string;
  /** Identifies the key-encryption key without revealing it: a wrong one is noticed at start (P24). */
  keyCheck: string;
  state: 'current' | 'retired';
  /** Encryptions reserved in blocks, so that the limit holds across crashes (P26). */
  reserved: number;
  createdAt: Date;
}

/** One use of a secret, written before the secret leaves (P25, I11). */
export interface UseLogDocument {
  _id: string;
  at: Date;
  credential: string;
  secretVersion: number;
  sender: string;
  purpose: { kind: string; reference: string };
  host: string;
}

/** Access token of an OAuth credential, encrypted like its secrets and bound to its number (architecture 8). */
export interface TokenDocument {
  /** Credential id. */
  _id: string;
  /** Rises with every token, over all secrets of the credential. */
  tokenVersion: number;
  /** Secret that the token was got with. */
  secretVersion: number;
  dataKey: string;
  ciphertext: string | null;
  expiresAt: Date;
  /** When, and with which secret, the vendor was last asked: the next request keeps its distance (V20). */
  askedAt: Date;
  askedWith: number;
  /** What the last request came to, null when it brought a token. */
  failure: { code: 'token-refused' | 'token-unavailable' | 'token-url-refused'; message: string } | null;
  lock: { holder: string; until: Date } | null;
}

export const credentials = defineCollection<CredentialDocument>({
  owner: 'credential-vault',
  name: 'credentials',
  published: true,
  indexes: [{ key: { name: 1 }, options: { unique: true } }],
});
export const ciphertexts = defineCollection<CiphertextDocument>({
  owner: 'vault-private',
  name: 'ciphertexts',
  published: false,
  indexes: [{ key: { credential: 1 } }, { key: { dataKey: 1 } }],
});
export const dataKeys = defineCollection<DataKeyDocument>({
  owner: 'vault-private',
  name: 'dataKeys',
  published: false,
});
export const tokens = defineCollection<TokenDocument>({
  owner: 'vault-private',
  name: 'tokens',
  published: false,
  indexes: [{ key: { dataKey: 1 } }],
});
export const useLog = defineCollection<UseLogDocument>({
  owner: 'vault-private',
  name: 'useLog',
  published: false,
  indexes: [{ key: { credential: 1, at: -1 } }, { key: { at: 1 }, options: { expireAfterSeconds: days(400) } }],
});
