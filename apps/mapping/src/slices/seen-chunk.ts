import type { SeenDocument } from '@rollcall/collections';
import { isEmailField, type PeopleField, type RawUser } from '@rollcall/contracts';

import type { FieldFailure } from '../mappings/compile-mapping.js';
import type { RecordsSlice } from './slice.js';

/** What a slice saw, before anything was done to it. */
export function emptySeen(slice: RecordsSlice, at: Date): SeenDocument {
  return {
    _id: `${slice.integration}/${slice.generation}/${slice.first.offset}`,
    integration: slice.integration,
    generation: slice.generation,
    ids: [],
    created: 0,
    updated: 0,
    unchanged: 0,
    outdated: 0,
    skipped: 0,
    passedOver: 0,
    reactivated: 0,
    unknownStatus: 0,
    rejected: 0,
    problems: [],
    at,
  };
}

/** Problems that a slice names one by one. Of more it keeps the number: a mapping can fail for every field of every user. */
const mostNamed = 1_000;

export function note(seen: SeenDocument, problem: SeenDocument['problems'][number]): void {
  const { length } = seen.problems;
  const at = length < mostNamed ? -1 : seen.problems.findLastIndex(({ code }) => code === problem.code);
  const same = seen.problems[at];
  if (same === undefined) seen.problems.push(problem);
  else seen.problems[at] = { ...same, more: (same.more ?? 0) + 1 };
}

export function noteSkipped(seen: SeenDocument): void {
  seen.skipped += 1;
  seen.passedOver += 1;
}

export function reject(seen: SeenDocument, user: Pick<RawUser, 'id'>, code: string, message: string): void {
  seen.rejected += 1;
  note(seen, { id: user.id, code, message });
}

export function noteFailure(seen: SeenDocument, user: RawUser, { to, code, message }: FieldFailure): void {
  const cure = code === 'value-of-wrong-type' ? 'the value at the vendor, or map another vendor field' : 'the mapping';
  const text = `The field "${to}" could not be produced: ${message} It keeps its value. Correct ${cure}.`;
  note(seen, { id: user.id, code, message: text });
}

/** A value that is kept as the vendor gives it, and by which nobody is found: it could be anybody's. */
export function noteKeyless(seen: SeenDocument, user: RawUser, field: PeopleField): void {
  const what = isEmailField(field) ? 'is not an e-mail address' : 'names nobody, such as "n/a" or "-"';
  const message = `The value of ${field.label} ${what}. It is kept as it is, but no person is found by it. Correct it at the vendor.`;
  note(seen, { id: user.id, code: 'value-is-no-key', message });
}

/** The vendor was asked before it confirmed what a workflow did, or before somebody changed the record by hand (B10). */
export function noteOutdated(seen: SeenDocument, user: Pick<RawUser, 'id'>): void {
  seen.outdated = (seen.outdated ?? 0) + 1;
  const message =
    'The vendor was asked for this record before the account was last confirmed or changed, so the older state was not ' +
    'taken over. The next run takes over what it finds.';
  note(seen, { id: user.id, code: 'record-outdated', message });
}

/** Nothing is older than a time that has not come yet, so the record was taken over. */
export function noteFromTheFuture(seen: SeenDocument, user: Pick<RawUser, 'id'>, observedAt: number): void {
  const message =
    `The account was last changed at ${new Date(observedAt).toISOString()}, which has not come yet: a clock was wrong ` +
    "then. The vendor's record was taken over. Keep all clocks by NTP.";
  note(seen, { id: user.id, code: 'clock-was-ahead', message });
}

/** A hold keeps the record as it is; the run reports the difference (E8). */
export function noteHeld(seen: SeenDocument, user: RawUser, active: boolean): void {
  note(seen, {
    id: user.id,
    code: 'held-differs',
    message: `The record is held ${active ? 'active' : 'inactive'}, but the vendor says ${user.status}. Lift the hold to let runs decide again.`,
  });
}
