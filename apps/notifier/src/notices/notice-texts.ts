import { nothingUndone, type PeoplePlanRecord, type RunRecord, undoneInWords } from '@rollcall/contracts';

import { singleLine } from '../mail/header-text.js';
import type { EndingCredential, Finding } from './finding.js';

export interface NoticeText {
  readonly title: string;
  /** Paragraphs divided by blank lines: what happened, why, what to do; then integration and run. */
  readonly text: string;
}

interface Parts {
  readonly title: string;
  readonly happened: string;
  readonly why: string;
  readonly todo: string;
}

/** The words of a notice. `name` is that of the integration, or of the credential; names and reasons may hold anything and become single lines. */
export function noticeText(finding: Finding, name: string): NoticeText {
  const subject = singleLine(name, 120);
  const { title, happened, why, todo } = partsOf(finding, subject);
  const reference = [
    `${finding.integration === null ? 'Credential' : 'Integration'}: ${subject}`,
    ...(finding.run ? [`Run: ${singleLine(finding.run.id)}`] : []),
    ...(finding.kind === 'people-held' ? [`People plan: ${singleLine(finding.plan.id)}`] : []),
  ];
  const text = [`What happened: ${happened}`, `Why: ${why}`, `What to do: ${todo}`, reference.join('\n')].join('\n\n');
  return { title, text };
}

function partsOf(finding: Finding, name: string): Parts {
  switch (finding.kind) {
    case 'run-failed':
      return failed(finding.run, name);
    case 'run-held':
      return held(finding.run, name);
    case 'run-overdue':
      return {
        title: `${name}: a run has not completed within 24 hours`,
        happened: `The run that started on ${timeText(finding.run.startedAt)} has not completed within 24 hours. It continues, and until it ends no other run of this integration starts.`,
        why: 'The vendor is answering slowly, its request limit is used up, or the run is waiting for a service that is down.',
        todo: 'Open the run and look at its progress. If it is advancing, wait; you will be notified when it completes. If not, cancel it and start the integration again.',
      };
    case 'run-not-started':
      return {
        title: `${name}: the scheduled run did not start`,
        happened: `The run planned for ${timeText(finding.expectedAt)} did not start. Accounts are as the previous run left them.`,
        why: 'The service that starts runs (sync-runner) is down or cannot reach its database or broker.',
        todo: 'Ask the operator of Rollcall to check sync-runner and start it. The missed run then starts late by itself; if it does not, start the integration by hand.',
      };
    case 'run-undone':
      return undone(finding.run, name);
    case 'run-recovered':
      return recovered(finding.run, name);
    case 'people-held':
      return peopleHeld(finding.plan, name);
    case 'credential-expiring':
      return expiring(finding.credential, name);
    case 'credential-expired':
      return expired(finding.credential, name);
  }
}

function expiring(credential: EndingCredential, name: string): Parts {
  const end = timeText(credential.expiresAt);
  return {
    title: `Credential ${name} ends on ${end.slice(0, 10)}`,
    happened: `The credential "${name}" ends on ${end}.${usersText(credential, 'stop then')}`,
    why: 'Somebody entered this date as the end of the secret at the vendor.',
    todo: 'Make a new secret at the vendor and enter it in the credential, with its own end. The old one stays valid here until the vendor accepts the new one. If the date is wrong, correct it.',
  };
}

function expired(credential: EndingCredential, name: string): Parts {
  const users = usersText(credential, 'cannot read their vendor any more');
  return {
    ...expiring(credential, name),
    title: `Credential ${name} has ended`,
    happened: `The credential "${name}" ended on ${timeText(credential.expiresAt)}.${users}`,
  };
}

function usersText({ integrations }: EndingCredential, what: string): string {
  if (integrations.length === 0) return ' No integration uses it.';
  return ` ${integrations.map((name) => singleLine(name, 120)).join(', ')} ${what}.`;
}

function recovered(run: RunRecord, name: string): Parts {
  const hasErrors = run.state === 'completed-with-errors';
  return {
    title: `${name}: working again`,
    happened: `A run completed on ${timeText(run.endedAt)} after the problem we notified you about.`,
    why: hasErrors ? `It completed; ${errorsText(run)}` : 'It completed.',
    todo: hasErrors ? 'Open the run to see the users that failed.' : 'Nothing.',
  };
}

function failed(run: RunRecord, name: string): Parts {
  return {
    title: `${name}: a run failed`,
    happened: `A run failed on ${timeText(run.endedAt)}. It deactivated nobody.`,
    why: reasonText(run),
    todo: 'Remove the cause, then start the integration again, or wait for its next scheduled run. You will be notified again when a run fails for another reason, and when one completes.',
  };
}

function held(run: RunRecord, name: string): Parts {
  const { verdict } = run;
  const amount = verdict
    ? ` It would have deactivated ${verdict.staged} of ${verdict.activeAtStart} active accounts${shareText(verdict.staged, verdict.activeAtStart)}.`
    : '';
  const reasons = verdict?.reasons.map((reason) => singleLine(reason.message)) ?? [];
  return {
    title: `${name}: deactivations were held back`,
    happened: `A run ended on ${timeText(run.endedAt)} with its deactivations held back. Nobody was deactivated. New and changed users were saved.${amount}`,
    why: reasons.length > 0 ? reasons.join(' ') : reasonText(run),
    todo: `Compare the accounts with the vendor${samplesText(verdict)}. If they should be there, correct whatever made the vendor leave them out; the next run judges again. If they left, have the held plan ${run.heldPlan ?? 'of this run'} approved. If none of them should be deactivated, reject it.`,
  };
}

function peopleHeld(plan: PeoplePlanRecord, name: string): Parts {
  const { staged, active } = plan;
  return {
    title: `${name}: people were kept from becoming inactive`,
    happened: `${singleLine(plan.change)} That would have made ${staged} of ${active} active people inactive${shareText(staged, active)}. They stay active until somebody decides.`,
    why: plan.reasons.map((reason) => singleLine(reason.message)).join(' '),
    todo: `Look at the people${samplesText(plan)}. If they left, have the people plan approved by somebody who did not make the change. If not, reject the plan or revert the change. Without a decision it expires after seven days and its people stay active.`,
  };
}

function undone(run: RunRecord, name: string): Parts {
  const { requestedBy = 'somebody', counts, afterwards = '' } = run.undone ?? {};
  const { done, left } = undoneInWords({ ...nothingUndone, ...counts });
  const which = `the run of ${timeText(run.startedAt)}`;
  const result =
    done === '' ? `Nothing that ${which} did was taken back.` : `What ${which} did was taken back: ${done}.`;
  return {
    title: `${name}: a run was undone, and Deactivate is on hold`,
    happened: left === '' ? result : `${result} ${left}`,
    why: `${singleLine(requestedBy, 120)} had the run undone.`,
    todo: `${singleLine(afterwards)} When the cause is put right, turn Deactivate of the integration on again.`,
  };
}

function samplesText(listed: Pick<PeoplePlanRecord, 'samples' | 'staged'> | null): string {
  const { samples = [], staged = 0 } = listed ?? {};
  if (samples.length === 0) return '';
  const more = staged > samples.length ? ` and ${staged - samples.length} more` : '';
  return ` (${samples.map((name) => singleLine(name, 120)).join(', ')}${more})`;
}

function reasonText(run: RunRecord): string {
  if (!run.reason) return 'The run gives no reason. Look at the log of sync-runner.';
  return `${singleLine(run.reason.message)} (${singleLine(run.reason.code, 80)})`;
}

function errorsText(run: RunRecord): string {
  const users = run.problems.reduce((sum, problem) => sum + problem.count, 0);
  return `${users} users had errors.`;
}

function shareText(part: number, whole: number): string {
  return whole > 0 ? ` (${Math.round((part / whole) * 1000) / 10} %)` : '';
}

/** `2026-11-21 09:58 UTC`. */
function timeText(time: Date | string | null): string {
  if (time === null) return 'an unknown date';
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
