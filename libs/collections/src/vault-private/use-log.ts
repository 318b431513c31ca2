import { days, defineCollection } from '../define-collection.js';
import { date, number, optional, part, text } from '../models/paths.js';

/** Days for which uses of secrets are kept. */
export const useLogDays = 400;

/** Where an entry stands in the chain of its writer. */
export interface UseLink {
  /** One per start of a process, and a new one after each write that failed. */
  chain: string;
  /** From 1 on, without a gap. */
  number: number;
  /** Hash and time of the entry before; null in the first. */
  previous: string | null;
  previousAt: Date | null;
  /** Keyed hash of everything else in this entry. */
  hash: string;
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
  /** Absent in entries from before they were chained. */
  link?: UseLink;
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
    link: optional.part<UseLink>({
      chain: text,
      number,
      previous: optional.text,
      previousAt: optional.date,
      hash: text,
    }),
  },
  indexes: [
    { key: { credential: 1, at: -1 } },
    { key: { 'link.chain': 1, 'link.number': 1 } },
    { key: { at: 1 }, options: { expireAfterSeconds: days(useLogDays) } },
  ],
});

/** How far a chain had come when its writer last looked up, so that a missing end is noticed. */
export interface UseChainDocument {
  /** The chain. */
  _id: string;
  number: number;
  /** Hash of the entry of that number. */
  head: string;
  at: Date;
}

export const useChains = defineCollection<UseChainDocument>({
  owner: 'vault-private',
  name: 'useChains',
  published: false,
  paths: { _id: text, number, head: text, at: date },
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(useLogDays) } }],
});
