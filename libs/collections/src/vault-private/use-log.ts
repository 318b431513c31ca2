import { type ChainHeadDocument, chainHeadPaths, type ChainLink, chainLink } from '../chains/chain-link.js';
import { days, defineCollection } from '../define-collection.js';
import { date, number, part, text } from '../models/paths.js';

/** Days for which uses of secrets are kept. */
export const useLogDays = 400;

/** One use of a secret, written before the secret leaves (P25, I11). */
export interface UseLogDocument {
  _id: string;
  at: Date;
  credential: string;
  secretVersion: number;
  sender: string;
  purpose: { kind: string; reference: string };
  host: string;
  /** Absent in entries from before they were chained. */
  link?: ChainLink;
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
    link: chainLink,
  },
  indexes: [
    { key: { credential: 1, at: -1 } },
    { key: { 'link.chain': 1, 'link.number': 1 } },
    { key: { at: 1 }, options: { expireAfterSeconds: days(useLogDays) } },
  ],
});

export const useChains = defineCollection<ChainHeadDocument>({
  owner: 'vault-private',
  name: 'useChains',
  published: false,
  paths: chainHeadPaths,
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(useLogDays) } }],
});
