import type { AccountDocument } from '@rollcall/collections';
import type { UserAnswer } from '@rollcall/connector-kit';
import type { RunReportOf, UserStep } from '@rollcall/contracts';

export const stepDone = (step: UserStep['step'], text: string): UserStep => ({ step, outcome: 'done', text });
const stopped = (step: UserStep['step'], text: string): UserStep => ({ step, outcome: 'stopped', text });

export function fetchStep(answer: UserAnswer, vendor: string): UserStep {
  if (answer.kind === 'gone') {
    const text = `${answer.text} Nothing is changed here: a full run decides what becomes of an account that is gone.`;
    return stopped('fetch', text);
  }
  const { status, administrator } = answer.user;
  const mark = administrator ? ', an administrator' : '';
  return stepDone('fetch', `${vendor} knows the user; status ${status}${mark}.`);
}

type Mapped = Pick<RunReportOf<'mapped'>, 'counts' | 'problems'>;

/** What mapping made of a user who was fetched: in scope, match, act. */
export function mappedSteps(report: Mapped, account: AccountDocument | null): UserStep[] {
  const outside = outOfScope(report, account);
  if (outside !== null) return [stopped('in-scope', `${outside}${marksText(report.counts, account)}`)];
  const inScope = stepDone('in-scope', 'The mapping accepts the user.');
  if (account === null || account.person === null) return [inScope, stopped('match', undecided(report, account))];
  const match = stepDone('match', `His account belongs to the person ${account.person}.`);
  return [inScope, match, stepDone('act', actText(report.counts, account))];
}

/** Why the user is not written at all, or null. An account that waits for a decision is written, and its person is not. */
function outOfScope({ counts, problems }: Mapped, account: AccountDocument | null): string | null {
  if (counts.skipped > 0) {
    return (
      'A full run skips this user: the rule of the mapping does not let them through, or the preference is Update only and ' +
      'nobody here matches them.'
    );
  }
  const waits = account !== null && account.person === null;
  return counts.rejected > 0 && !waits ? (problems[0]?.message ?? 'His values cannot be written.') : null;
}

/** What the vendor says of the account itself counts although its values are not written. */
function marksText({ reactivated }: Mapped['counts'], account: AccountDocument | null): string {
  if (account === null) return '';
  const { active, sourceStatus } = account;
  if (reactivated > 0) return ' Its values stay as they were; the account is active again.';
  return active && sourceStatus === 'inactive' ? ` Its values stay as they were. ${judgedText}` : '';
}

const judgedText = 'The vendor says inactive: the next full run judges whether the account is deactivated.';

function undecided({ problems }: Mapped, account: AccountDocument | null): string {
  return (
    account?.error?.message ?? problems[0]?.message ?? 'The account waits for a decision; see the matching reviews.'
  );
}

function actText(
  { created, updated, reactivated }: Mapped['counts'],
  { active, sourceStatus }: AccountDocument,
): string {
  const change =
    created > 0 ? 'The account was created.' : updated > 0 ? 'The account was updated.' : 'Nothing had changed.';
  if (reactivated > 0) return `${change} It is active again.`;
  if (active && sourceStatus === 'inactive') {
    return `${change} ${judgedText}`;
  }
  return `${change} It is ${active ? 'active' : 'inactive'}.`;
}
