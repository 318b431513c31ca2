import type { PersonDocument } from '@rollcall/collections';

import type { ChangeOrigin } from '../changes/change-set.js';
import type { PlanStep } from './activity.js';

/** One person in a fold session: as they are stored, and what is drafted of them beside their accounts. */
export interface PersonState {
  readonly before: PersonDocument | null;
  origin: ChangeOrigin | null;
  hold: PersonDocument['hold'];
  protected: boolean;
  overrides: PersonDocument['overrides'];
  /** State that a person set together with a hold, which the fold then keeps. */
  heldActive: boolean | null;
  mergedInto: string | null;
  /** A run that made the person was undone: without accounts they hold no keys and are inactive. */
  undone: NonNullable<PersonDocument['undone']> | null;
  /** What they keep when no account says anything; null: what they have. */
  previous: Pick<PersonDocument, 'values' | 'provenance' | 'active'> | null;
  /** Run whose sweep is being executed, for `deactivated`. */
  sweptBy: string | null;
  /** People plan that is being carried out or taken back. */
  planStep: PlanStep | null;
  /** Keys that they hold and leave to whoever is folded with them and wants one. */
  yields: ReadonlySet<string>;
}

/** What a command may change of a person beside their accounts. */
export type PersonEdit = Partial<Omit<PersonState, 'before' | 'origin' | 'sweptBy'>>;

export const untouched = {
  hold: null,
  protected: false,
  overrides: {},
  heldActive: null,
  mergedInto: null,
  undone: null,
  previous: null,
  sweptBy: null,
  planStep: null,
  yields: new Set<string>(),
} as const;

/** When and by what somebody was deactivated last, as a fold leaves it. Null: they are active, or never were deactivated. */
export function deactivatedAfter(
  { sweptBy, planStep }: PersonState,
  before: PersonDocument,
  { time }: ChangeOrigin,
  { active, isUndone }: { readonly active: boolean; readonly isUndone: boolean },
): PersonDocument['deactivated'] {
  if (active) return null;
  // Of whoever was never there, no other deactivation is the last one: none is taken back.
  const isNew = before.active || (isUndone && before.undone === undefined);
  if (!isNew) return before.deactivated;
  return { run: sweptBy, time, ...(planStep === null ? {} : { plan: planStep.plan }) };
}
