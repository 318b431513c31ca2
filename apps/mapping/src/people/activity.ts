import type { AccountDocument, FoldSettingsDocument, PersonDocument, PersonDue } from '@rollcall/collections';
import type { Cause, DueCause } from '@rollcall/contracts';

import { foldActive } from './fold-person.js';

/** What a people plan does with somebody: its lines are carried out, or taken back. */
export interface PlanStep {
  readonly does: 'deactivate' | 'reactivate';
  readonly plan: string;
  /** What the plan follows from. */
  readonly cause: DueCause;
}

/** One fold of somebody who is stored already. */
export interface ActivityStep {
  readonly before: PersonDocument;
  /** What the fold says now. */
  readonly folded: boolean;
  readonly cause: Cause;
  readonly time: string;
  readonly settings: FoldSettingsDocument;
  /** Their accounts before this transaction, and as it leaves them. */
  readonly accountsBefore: () => readonly AccountDocument[];
  readonly accountsAfter: () => readonly AccountDocument[];
  readonly planStep: PlanStep | null;
  /** A person says of this very person that they are inactive, or somebody else; or they were never there. */
  readonly isSaid: boolean;
}

/**
 * Whether somebody is active after a fold, and whether they are due (ADR 0013). Active people become inactive by a judged
 * sweep, an undo or an observation of an account of theirs, by a command on them or an account of theirs, or by a people plan.
 * Whatever else makes the fold say inactive only marks them: they stay active until a people plan takes them up.
 */
export function activityAfter(step: ActivityStep): Pick<PersonDocument, 'active' | 'due'> {
  const { before, folded, planStep } = step;
  if (folded) return { active: true, due: undefined };
  if (planStep?.does === 'reactivate') {
    return { active: true, due: { since: step.time, cause: planStep.cause, plan: planStep.plan } };
  }
  if (!before.active || planStep !== null || step.isSaid || isCaused(step)) return { active: false, due: undefined };
  return { active: true, due: before.due ?? newDue(step) };
}

const decisive: ReadonlySet<Cause['kind']> = new Set(['sweep', 'undo', 'command', 'observation']);

/**
 * Whether this very step makes the difference. Without that, protecting somebody whose settings changed a second ago would
 * deactivate them. Somebody who loses their last active account is inactive by any settings.
 */
function isCaused(step: ActivityStep): boolean {
  if (!decisive.has(step.cause.kind)) return false;
  return wasActive(step) || (step.accountsBefore().some(counts) && !step.accountsAfter().some(counts));
}

/** What the accounts as they were before this step make of the person, by the settings of now. */
function wasActive({ before, accountsBefore, settings }: ActivityStep): boolean {
  return foldActive(
    accountsBefore().filter(({ passive }) => !passive),
    { hold: before.hold, previous: before },
    settings,
  );
}

function counts({ active, passive }: AccountDocument): boolean {
  return active && !passive;
}

function newDue(step: ActivityStep): PersonDue {
  return { since: step.time, cause: dueCauseOf(step) };
}

function dueCauseOf(step: ActivityStep): DueCause {
  const { cause, settings } = step;
  if (wasActive(step)) {
    if (cause.kind === 'retirement') return { kind: 'retirement', integration: cause.integration };
    if (cause.kind === 'run') return cause;
  }
  return { kind: 'settings', version: settings.concerns };
}
