import type { PlanLine } from '@rollcall/contracts';

import type { Confirmation } from './guard.js';

/** An earlier complete run of the same scope, with the accounts that it staged. */
export interface EarlierRun {
  readonly endedAt: string;
  readonly staged: ReadonlySet<string>;
}

/** Two reads this far apart are two looks; two in a row may meet the same fault. */
export const absenceApartMs = 60 * 60 * 1000;

const waits =
  'the vendor has no call for single users, so a second complete run, an hour after the first that missed them, must ' +
  'miss them too';

/**
 * What earlier reads say of staged users at a vendor that cannot be asked for single ones (evidence f): confirmed is who
 * was staged already by a complete run that ended at least an hour ago, and by every complete run since. Everybody else
 * waits.
 * @param earlier newest first, without a gap: every complete run of the same scope back to the first that is old enough
 */
export function confirmByEarlierRuns(
  lines: readonly PlanLine[],
  earlier: readonly EarlierRun[],
  nowMs: number,
): Confirmation[] {
  const isOldEnough = ({ endedAt }: EarlierRun): boolean => nowMs - Date.parse(endedAt) >= absenceApartMs;
  const first = earlier.findIndex(isOldEnough);
  const looks = first < 0 ? null : earlier.slice(0, first + 1);
  return lines.map((line) => {
    const isConfirmed = looks?.every(({ staged }) => staged.has(line.account)) ?? false;
    return isConfirmed
      ? { line, answer: 'confirmed', text: 'missing in two complete runs' }
      : { line, answer: 'waiting', text: waits };
  });
}
