import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import type { Values } from '@rollcall/contracts';

import { keyOf } from './keys.js';

export type Match =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'person';
      readonly person: string;
      /** Field of the first sync key that is his. */ readonly by: string;
    }
  | {
      readonly kind: 'undecided';
      readonly code: string;
      readonly message: string;
      /** Whom the keys belong to: somebody decides among them, or for a new person. */
      readonly candidates: readonly string[];
    };

export interface Matching {
  /** Owner of a key, with merges already followed. */
  ownerOf(key: string): PersonDocument | undefined;
  /** Accounts linked to a person, those of this slice included. */
  accountsOf(person: string): Iterable<Pick<AccountDocument, '_id' | 'integration' | 'vendorId'>>;
}

/**
 * Finds the person of an account by the sync keys in their order (D5). Active or not makes no difference. A second
 * account of the same integration, and keys of several people, wait for a decision of a person.
 */
export function matchPerson(
  account: { readonly id: string; readonly integration: string; readonly values: Values },
  syncKeys: readonly string[],
  matching: Matching,
): Match {
  const matches = new Map<string, string>();
  for (const field of syncKeys) {
    const key = keyOf(field, account.values[field]);
    const owner = key === null ? undefined : matching.ownerOf(key);
    if (owner && !matches.has(owner._id)) matches.set(owner._id, field);
  }
  if (matches.size === 0) return { kind: 'none' };
  if (matches.size > 1) {
    return {
      kind: 'undecided',
      code: 'several-matches',
      message: `Its sync keys belong to ${matches.size} different people. It belongs to nobody until the keys are corrected at the vendor, or somebody links it to a person.`,
      candidates: [...matches.keys()],
    };
  }
  const [[person, by]] = [...matches] as [[string, string]];
  for (const other of matching.accountsOf(person)) {
    if (other.integration !== account.integration || other._id === account.id) continue;
    return {
      kind: 'undecided',
      code: 'second-account',
      message: `The same person already has account ${other.vendorId} of this integration. This one belongs to nobody until the e-mail is corrected at the vendor, or somebody links it to a person.`,
      candidates: [person],
    };
  }
  return { kind: 'person', person, by };
}
