import type { UseLink, UseLogDocument } from '@rollcall/collections';
import type { DigestKey } from '@rollcall/secrets';

export type Use = Omit<UseLogDocument, 'link'>;

/** The end of a chain, to which the next entry is joined. */
export type ChainEnd = Pick<UseLink, 'chain' | 'number' | 'hash'> & { readonly at: Date | null };

export const beginningOf = (chain: string): ChainEnd => ({ chain, number: 0, hash: '', at: null });

/** The entry with its link; only who has the installation's digest key can make one. */
export function linked(key: DigestKey, end: ChainEnd, use: Use): UseLogDocument & { link: UseLink } {
  const link = {
    chain: end.chain,
    number: end.number + 1,
    previous: end.number === 0 ? null : end.hash,
    previousAt: end.at,
  };
  return { ...use, link: { ...link, hash: hashOf(key, use, link) } };
}

export function endAt({ at, link }: UseLogDocument & { link: UseLink }): ChainEnd {
  return { chain: link.chain, number: link.number, hash: link.hash, at };
}

/** Everything of the entry but the hash itself. */
export function hashOf(key: DigestKey, use: Use, link: Omit<UseLink, 'hash'>): string {
  const { _id, at, credential, secretVersion, sender, purpose, host } = use;
  return key.digest(
    'rollcall use log v1',
    link.chain,
    String(link.number),
    link.previous ?? '',
    link.previousAt?.toISOString() ?? '',
    _id,
    at.toISOString(),
    credential,
    String(secretVersion),
    sender,
    purpose.kind,
    purpose.reference,
    host,
  );
}
