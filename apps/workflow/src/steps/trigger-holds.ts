import type { Step, Subject } from './step.js';

type Cause = Pick<Step['run'], 'causedByRun' | 'causedByPlan' | 'undoableSince'>;
type Started = Pick<Step, 'trigger' | 'app'> & { readonly run: Cause };
type Deactivated = { readonly run: string | null; readonly time: string; readonly plan?: string } | null;

/**
 * Why a step must not run any more, as a sentence, or null while the trigger still holds (C6: re-read before acting).
 * It must be that very deactivation that still stands: an undo ends it, a later one has its own event.
 */
export function whyNoLonger(started: Started, subject: Subject): string | null {
  return started.trigger.startsWith('person.') ? whyNotPerson(started, subject) : whyNotAccount(started, subject);
}

function whyNotAccount({ trigger, app, run }: Started, { account }: Subject): string | null {
  if (!account) return 'The SaaS user is not stored any more.';
  if (account.app !== app) return 'The SaaS user now belongs to another app.';
  if (trigger === 'saas-user.created') return account.active ? null : 'The SaaS user is no longer active.';
  return account.active ? 'The SaaS user is active again.' : whyAnew(run, account.deactivated);
}

function whyNotPerson({ trigger, run }: Started, { person }: Subject): string | null {
  if (!person) return 'The person is not stored any more.';
  if (person.mergedInto !== null) return 'The person was merged into another one.';
  if (trigger === 'person.created') return person.active ? null : 'The person is no longer active.';
  return person.active ? 'The person is active again.' : whyAnew(run, person.deactivated);
}

function whyAnew({ causedByRun, causedByPlan, undoableSince }: Cause, current: Deactivated): string | null {
  const isAnew =
    (causedByRun !== null && current?.run !== causedByRun) ||
    (causedByPlan && current?.plan !== causedByPlan) ||
    (undoableSince && current !== null && current.time > undoableSince);
  return isAnew ? 'The record has been deactivated again since then, which starts a workflow run of its own.' : null;
}
