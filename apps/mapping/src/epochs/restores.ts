import type { RecordEpochDocument } from '@rollcall/collections';

import type { Lengths } from './topic-lengths.js';

export type Restored = 'database-restored' | 'topics-restored';

/**
 * Which side comes from before, by what either holds of the other. Both of one backup fit each other: then nothing is to be
 * done.
 */
export function restoredOf({ marks, published }: RecordEpochDocument, lengths: Lengths): Restored | null {
  if (lengths.marks > marks.planned) return 'database-restored';
  return lengths.marks < marks.known || lengths.published < published ? 'topics-restored' : null;
}
