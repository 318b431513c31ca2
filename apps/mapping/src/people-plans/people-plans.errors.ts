import type { PeoplePlanDocument } from '@rollcall/collections';
import type { approvePeoplePlan, undoPeoplePlan } from '@rollcall/contracts';
import { AppError, type ErrorCodeOf, type PeoplePlanState } from '@rollcall/contracts';

export type PeoplePlanErrorCode = ErrorCodeOf<typeof approvePeoplePlan> | ErrorCodeOf<typeof undoPeoplePlan>;

export class PeoplePlanError extends AppError<PeoplePlanErrorCode> {}

export const peoplePlanNotFound = (id: string): PeoplePlanError =>
  new PeoplePlanError('people-plan-not-found', `There is no people plan ${id}. List them under /people-plans.`);

const states: Readonly<Record<PeoplePlanState, string>> = {
  collecting: 'is still being made. Look at it again in a moment',
  held: 'waits for a decision',
  executing: 'is being carried out',
  executed: 'was carried out already',
  rejected: 'was rejected',
  expired: 'is older than seven days and expired. Make the change again to have it judged again',
  closed: 'is closed: nobody of it would become inactive any more',
  undoing: 'is being undone',
  undone: 'was undone',
};

/** A plan that does not wait for a person. */
export function peoplePlanDecided({ state }: Pick<PeoplePlanDocument, 'state'>): PeoplePlanError {
  if (state === 'expired') return peoplePlanExpired();
  return new PeoplePlanError('people-plan-decided', `This people plan ${states[state]}.`);
}

export const peoplePlanExpired = (): PeoplePlanError =>
  new PeoplePlanError(
    'people-plan-expired',
    'This people plan is older than seven days, so it no longer describes the present. Its people stay active. Make the change again to have it judged again, or hold single people inactive.',
  );

export const peoplePlanChanged = (): PeoplePlanError =>
  new PeoplePlanError(
    'people-plan-changed',
    'The hash is not that of this people plan, so you may have looked at another list. Look at the plan again and approve it with its hash.',
  );

export const peoplePlanNotExecuted = ({ state }: Pick<PeoplePlanDocument, 'state'>): PeoplePlanError =>
  new PeoplePlanError(
    'people-plan-not-executed',
    `This people plan ${states[state]}, so there is nothing to undo.${state === 'executing' ? ' Undo it when it is done.' : ''}`,
  );

/** @param why what the approver did, and who may approve instead */
export const needsAnotherPerson = (why: string): PeoplePlanError =>
  new PeoplePlanError('approval-needs-another-person', why);
