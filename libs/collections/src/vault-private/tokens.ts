import { defineCollection } from '../define-collection.js';
import { date, lease, number, oneOf, optional, text } from '../models/paths.js';

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
  /** Of a draft, which nobody deletes. */
  removeAt?: Date;
}

export const tokens = defineCollection<TokenDocument>({
  owner: 'vault-private',
  name: 'tokens',
  published: false,
  paths: {
    _id: text,
    tokenVersion: number,
    secretVersion: number,
    dataKey: text,
    ciphertext: optional.text,
    expiresAt: date,
    askedAt: date,
    askedWith: number,
    failure: optional.part({ code: oneOf('token-refused', 'token-unavailable', 'token-url-refused'), message: text }),
    lock: lease,
    removeAt: optional.date,
  },
  indexes: [{ key: { dataKey: 1 } }, { key: { removeAt: 1 }, options: { expireAfterSeconds: 0 } }],
});
