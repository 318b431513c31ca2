import { days, defineCollection } from '../define-collection.js';
import { date, number, part, text } from '../models/paths.js';

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

export const useLog = defineCollection<UseLogDocument>({
  owner: 'vault-private',
  name: 'useLog',
  published: false,
  paths: {
    _id: text,
    at: date,
    credential: text,
    secretVersion: number,
    sender: text,
    purpose: part({ kind: text, reference: text }),
    host: text,
  },
  indexes: [{ key: { credential: 1, at: -1 } }, { key: { at: 1 }, options: { expireAfterSeconds: days(400) } }],
});
