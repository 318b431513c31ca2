import type { ReadingDocument, SeenDocument } from '@rollcall/collections';
import { accountId, type RawUser } from '@rollcall/contracts';

import type { ObservedUser, Refusal } from '../accounts/apply-user.js';
import type { PartitionName } from '../changes/positions-in-text.js';
import type { CompiledMapping, FieldFailure, RefusedUser, WrittenUser } from '../mappings/compile-mapping.js';
import { emptySeen, noteFailure, noteKeyless, noteSkipped, reject } from './seen-chunk.js';
import type { RecordsSlice } from './slice.js';

export interface Sighting extends ObservedUser {
  readonly offset: number;
}

/** A user who may have to be written, and what of them could not be made. */
export interface Candidate extends Sighting {
  readonly keys: ReadonlyMap<string, string>;
  readonly failures: readonly FieldFailure[];
}

/** A user whose values are not written; of an account that is known, the vendor's word on the account counts (H2). */
export interface RefusedCandidate extends Sighting {
  readonly refusal: Refusal;
}

/** A slice whose users were mapped, before anything is known of what is stored. */
export interface MappedSlice {
  readonly place: PartitionName;
  readonly slice: RecordsSlice;
  readonly reading: ReadingDocument;
  readonly mapping: CompiledMapping;
  readonly observed: readonly Candidate[];
  readonly refused: readonly RefusedCandidate[];
  readonly seen: SeenDocument;
  readonly time: string;
}

/** Decodes and maps; needs no database, so it may run while the slice before is being committed (B1). */
export function mapSlice(
  place: PartitionName,
  slice: RecordsSlice,
  reading: ReadingDocument,
  mapping: CompiledMapping,
  at: Date,
): MappedSlice {
  const { content, app, preference } = reading.pinned;
  const seen = emptySeen(slice, at);
  const known = new Set<string>();
  const observed: Candidate[] = [];
  const refused: RefusedCandidate[] = [];
  for (const { users, askedAt, offset } of slice.messages) {
    for (const user of users) {
      if (known.has(user.id)) continue;
      known.add(user.id);
      seen.ids.push(user.id);
      if (user.status === 'unknown') seen.unknownStatus += 1;
      const mapped = mapping.map(user, { content, app, preference });
      if (mapped.ok) {
        noteDoubts(seen, user, mapped);
        const { values, keys, hash, failures } = mapped;
        observed.push({ user, values, keys, hash, failures, askedAt, offset });
      } else {
        noteRefused(seen, user, mapped);
        const { values, hash, bringsBack } = mapped;
        refused.push({ user, values, hash, refusal: { bringsBack }, askedAt, offset });
      }
    }
  }
  return { place, slice, reading, mapping, observed, refused, seen, time: at.toISOString() };
}

/** Ids and keys that the slice may touch; slices that share one must not be planned at the same time. */
export function footprintOf({ slice, observed, refused }: MappedSlice): Set<string> {
  const touched = new Set<string>();
  for (const { user, keys } of observed) {
    touched.add(accountId(slice.integration, user.id));
    for (const key of keys.values()) touched.add(key);
  }
  for (const { user } of refused) touched.add(accountId(slice.integration, user.id));
  return touched;
}

function noteDoubts(seen: SeenDocument, user: RawUser, { failures, keyless }: WrittenUser): void {
  for (const failure of failures) noteFailure(seen, user, failure);
  for (const field of keyless) noteKeyless(seen, user, field);
}

function noteRefused(seen: SeenDocument, user: RawUser, { outcome, code, message }: RefusedUser): void {
  if (outcome === 'skipped') noteSkipped(seen);
  else reject(seen, user, code, message);
}
