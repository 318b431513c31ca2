import type { HeldPlanDocument } from '@rollcall/collections';
import { AppError } from '@rollcall/contracts';

export type HeldPlanErrorCode =
  | 'held-plan-not-found'
  | 'held-plan-decided'
  | 'held-plan-expired'
  | 'held-plan-changed'
  | 'approval-needs-another-person';

export class HeldPlanError extends AppError<HeldPlanErrorCode> {}

export function heldPlanNotFound(id: string): HeldPlanError {
  return new HeldPlanError('held-plan-not-found', `There is no held plan ${id}. List them under /held-plans.`);
}

const ends: Readonly<Record<Exclude<HeldPlanDocument['state'], 'open' | 'expired'>, string>> = {
  approved: 'was approved already',
  rejected: 'was rejected',
  replaced: 'was replaced: a later run staged other accounts. Look at the newer plan',
  voided: 'does not count any more: what the integration reads was changed since. Run it again',
  closed: 'is closed: a later run passed, so there is nothing left to decide',
};

/** A plan that is not open. */
export function heldPlanDecided({ state }: HeldPlanDocument): HeldPlanError {
  if (state === 'open' || state === 'expired') return heldPlanExpired();
  return new HeldPlanError('held-plan-decided', `This plan ${ends[state]}.`);
}

export function heldPlanExpired(): HeldPlanError {
  return new HeldPlanError(
    'held-plan-expired',
    'This plan is older than seven days, so it no longer describes the present. Run the integration again and decide on its plan.',
  );
}

export function heldPlanChanged(): HeldPlanError {
  return new HeldPlanError(
    'held-plan-changed',
    'The hash is not that of this plan, so you may have looked at another list. Look at the plan again and approve it with its hash.',
  );
}

/** @param why what the approver did, and who may approve instead */
export function needsAnotherPerson(why: string): HeldPlanError {
  return new HeldPlanError('approval-needs-another-person', why);
}
