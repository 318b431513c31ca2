import type { ChainContent, ChainDigest, UseLogDocument } from '@rollcall/collections';
import type { DigestKey } from '@rollcall/secrets';

export type Use = Omit<UseLogDocument, 'link'>;

/** Every value of an entry. */
export function contentOf({ _id, at, credential, secretVersion, sender, purpose, host }: Use): ChainContent {
  return { at, parts: [_id, credential, String(secretVersion), sender, purpose.kind, purpose.reference, host] };
}

export const digestOf =
  (key: DigestKey): ChainDigest =>
  (...parts) =>
    key.digest('rollcall use log v1', ...parts);
