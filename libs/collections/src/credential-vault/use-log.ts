import {
  type ChainContent,
  type ChainDigest,
  type ChainHeadDocument,
  chainHeadPaths,
  type ChainLink,
  chainLink,
} from '../chains/chain-link.js';
import { days, defineCollection } from '../define-collection.js';
import { date, listOf, number, part, text } from '../models/paths.js';

/** Days for which uses of secrets are kept. */
export const useLogDays = 400;

/** A field of the secret, with a keyed digest of its value: equal digests are equal values. */
export interface UsedValue {
  field: string;
  digest: string;
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
  /** Absent in entries from before they were kept. */
  values?: UsedValue[];
  /** Absent in entries from before they were chained. */
  link?: ChainLink;
}

export const useLog = defineCollection<UseLogDocument>({
  owner: 'credential-vault',
  name: 'useLog',
  published: true,
  paths: {
    _id: text,
    at: date,
    credential: text,
    secretVersion: number,
    sender: text,
    purpose: part({ kind: text, reference: text }),
    host: text,
    values: listOf(part<UsedValue>({ field: text, digest: text })),
    link: chainLink,
  },
  indexes: [
    { key: { credential: 1, at: -1 } },
    { key: { 'purpose.reference': 1, at: -1 } },
    { key: { 'link.chain': 1, 'link.number': 1 } },
    { key: { at: 1 }, options: { expireAfterSeconds: days(useLogDays) } },
  ],
});

export const useChains = defineCollection<ChainHeadDocument>({
  owner: 'credential-vault',
  name: 'useChains',
  published: true,
  paths: chainHeadPaths,
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(useLogDays) } }],
});

/** Every value of an entry, as it was chained when it was written. */
export function contentOfUse({
  _id,
  at,
  credential,
  secretVersion,
  sender,
  purpose,
  host,
  values,
}: Omit<UseLogDocument, 'link'>): ChainContent {
  const parts = [_id, credential, String(secretVersion), sender, purpose.kind, purpose.reference, host];
  if (values === undefined) return { at, parts };
  // The count, so that an entry without values differs from one that never had any.
  return { at, parts: [...parts, String(values.length), ...values.flatMap(({ field, digest }) => [field, digest])] };
}

/** @param digest keyed, of the installation: nobody who only has the database can make an entry */
export const useLogDigest =
  (digest: ChainDigest): ChainDigest =>
  (...parts) =>
    digest('rollcall use log v1', ...parts);
