import { type DeactivationLimit, defaultDeactivationLimit } from '@rollcall/contracts';

import { dayReasons, type Reason, shareReasons, type Words } from './amounts.js';

/** What a plan would do. Counts of people. */
export interface PeopleAmounts {
  /** Active before anything of the plan is carried out. */
  readonly active: number;
  /** Whom the plan would make inactive, and whom its cause made inactive already: splitting a change gains nothing. */
  readonly staged: number;
  /** Made inactive within 24 hours by other plans that no person approved. */
  readonly sweptToday: number;
}

const words: Words = {
  counted: 'people',
  doer: 'a change of settings',
  origin: 'by other changes',
  nobody:
    'Nobody was deactivated. Look at the names in the people plan; if these people left, approve it, and if not, reject it ' +
    'or take the change back.',
};

/** Why so many people need a person, or nothing: the rules of a run that look at numbers alone, with the default limits. */
export function peopleReasons(
  { active, staged, sweptToday }: PeopleAmounts,
  limit: DeactivationLimit = defaultDeactivationLimit,
): Reason[] {
  if (staged === 0) return [];
  return [...shareReasons(staged, active, limit, words), ...dayReasons(staged, { swept: sweptToday, active }, words)];
}
