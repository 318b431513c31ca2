import { defineCollection } from '../define-collection.js';
import { date, number, optional, text } from '../models/paths.js';

/** A sign-in at a vendor that was begun: what comes back from there is compared with it. */
export interface AuthorizationDocument {
  /** SHA-256 of its state, hex. */
  _id: string;
  credential: string;
  secretVersion: number;
  redirectUri: string;
  /** Who began it: what the consent changes is theirs. */
  by: string;
  /** Code verifier (RFC 7636), encrypted. */
  dataKey: string;
  verifier: string;
  /** Command that ended it; null while nobody came back. */
  endedBy: string | null;
  /** When what the vendor gave was stored; absent before. */
  doneAt?: Date;
  removeAt: Date;
}

export const authorizations = defineCollection<AuthorizationDocument>({
  owner: 'vault-private',
  name: 'authorizations',
  published: false,
  paths: {
    _id: text,
    credential: text,
    secretVersion: number,
    redirectUri: text,
    by: text,
    dataKey: text,
    verifier: text,
    endedBy: optional.text,
    doneAt: optional.date,
    removeAt: date,
  },
  indexes: [{ key: { removeAt: 1 }, options: { expireAfterSeconds: 0 } }],
});
