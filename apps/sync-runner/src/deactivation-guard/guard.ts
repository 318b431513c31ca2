import type { DeactivationLimit, PlanLine, RunProblem, RunReportOf } from '@rollcall/contracts';
import { amountReasons, emptySet, type Reason, type Sums } from '@rollcall/deactivation-guard';

/**
 * The guard of deactivations: evidence first, then amount, then protected records, then the vendor's word on each
 * single line (A13). Pure, so that every boundary can be tested; nothing here reads or writes.
 */

export type { Reason } from '@rollcall/deactivation-guard';

export interface Evidence {
  readonly report: RunReportOf<'mapped'>;
  /** Distinct ids that END named (A10). */
  readonly sent: number;
  /** What this run read with, and what the last good run did; null when there was none (evidence e). */
  readonly scope: string | null;
  readonly lastGoodScope: string | null;
  readonly deactivates: boolean;
  /** Deactivate is on hold since a run was undone, which is named as far as it is known; null when it is not. */
  readonly onHold: { readonly run?: string; readonly at?: string } | null;
  readonly limit: DeactivationLimit;
  /** What was swept before, as far as it is known now; whoever sweeps reserves against the same rules again. */
  readonly sums: Sums;
}

export type Judgement =
  | { readonly kind: 'incomplete'; readonly reasons: readonly Reason[] }
  | { readonly kind: 'not-swept'; readonly reasons: readonly Reason[]; readonly problems: readonly RunProblem[] }
  | { readonly kind: 'hold'; readonly reasons: readonly Reason[] }
  /** Nothing was staged: the run completes without a sweep. */
  | { readonly kind: 'nothing-staged'; readonly problems: readonly RunProblem[] }
  /** Would pass; every staged line must be confirmed first (evidence f). */
  | { readonly kind: 'confirm' };

/** Evidence, amount and protected records, in this order (P9, P10). */
export function judge(evidence: Evidence): Judgement {
  const missing = missingEvidence(evidence);
  if (missing.length > 0) return { kind: 'incomplete', reasons: missing };
  const { report, deactivates, onHold } = evidence;
  if (onHold !== null) {
    return { kind: 'not-swept', reasons: [deactivateOnHold(onHold)], problems: emptyListing(report) };
  }
  if (!deactivates) return { kind: 'nothing-staged', problems: emptyListing(report) };
  if (report.staged > 0 && evidence.scope !== evidence.lastGoodScope) {
    return { kind: 'not-swept', reasons: [firstAfterChange(report.staged)], problems: [] };
  }
  const { activeAtStart: active, staged, approved } = report;
  const holds = [
    ...amountReasons({ active, staged, approved, returned: report.counts.read }, evidence.limit, evidence.sums),
    ...protectedReasons(report),
  ];
  if (holds.length > 0) return { kind: 'hold', reasons: holds };
  return report.staged === 0 ? { kind: 'nothing-staged', problems: [] } : { kind: 'confirm' };
}

/** Evidence (a) to (c) was checked while reading; mapping vouches for (d), and both must have counted the same. */
function missingEvidence({ report, sent }: Evidence): Reason[] {
  if (report.result === 'incomplete') {
    return [
      report.reason ?? {
        code: 'read-incomplete',
        message: 'Mapping did not receive everything that was read. Start the run again.',
      },
    ];
  }
  if (report.counts.read === sent) return [];
  return [
    {
      code: 'read-count-mismatch',
      message:
        `${sent} users were read, but mapping saw ${report.counts.read}, so nobody can be called missing. Nobody was ` +
        'deactivated; start the run again.',
    },
  ];
}

/** With Deactivate off nothing needs holding, but an empty answer is still trouble that a person must hear of (V12). */
function emptyListing({ counts, activeAtStart }: RunReportOf<'mapped'>): RunProblem[] {
  if (counts.read > 0 || activeAtStart === 0) return [];
  return [{ ...emptySet(activeAtStart), count: activeAtStart, samples: [] }];
}

function protectedReasons({ protectedLines }: RunReportOf<'mapped'>): Reason[] {
  if (protectedLines.length === 0) return [];
  const names = protectedLines.slice(0, 5).join(', ');
  const more = protectedLines.length > 5 ? ` and ${protectedLines.length - 5} more` : '';
  return [
    {
      code: 'protected-account',
      message:
        `Protected accounts would be deactivated: ${names}${more}. Nobody was deactivated. Check them at the vendor; ` +
        'if they should be deactivated, remove the protection and run again.',
    },
  ];
}

function firstAfterChange(staged: number): Reason {
  return {
    code: 'first-after-change',
    message:
      `${staged} accounts were missing or inactive, but credential, filter, load or connector changed since the last ` +
      'good run, so the change may be the cause. Nobody was deactivated. The next run judges them again.',
  };
}

function deactivateOnHold({ run, at }: NonNullable<Evidence['onHold']>): Reason {
  const since = run === undefined ? 'since a run was undone' : `since run ${run} was undone (${at ?? 'time unknown'})`;
  return {
    code: 'deactivate-on-hold',
    message:
      `Deactivate is on hold ${since}, so nobody was deactivated. When the cause of the undo is put ` +
      'right, turn Deactivate of this integration on again.',
  };
}

/** What the vendor said of one staged line when asked by id (evidence f). */
export interface Confirmation {
  readonly line: PlanLine;
  /** `waiting`: nothing contradicts it, but it takes another complete run. */
  readonly answer: 'confirmed' | 'refuted' | 'unclear' | 'waiting';
  /** The vendor's words, or why it gave none. */
  readonly text: string;
}

export interface ConfirmationOutcome {
  /** Accounts that SWEEP leaves alone: contradicted, or not answered for. */
  readonly waiting: readonly string[];
  readonly problems: readonly RunProblem[];
  /** Set when the vendor contradicts so many lines that its listing cannot have been complete (A13). */
  readonly incomplete: Reason | null;
}

const mostSamples = 20;

/** Contradicted lines above max(3, 10 %) mean that the listing was not complete; unclear ones only wait. */
export function weighConfirmations(confirmations: readonly Confirmation[]): ConfirmationOutcome {
  const refuted = confirmations.filter(({ answer }) => answer === 'refuted');
  const unclear = confirmations.filter(({ answer }) => answer === 'unclear');
  const waiting = confirmations.filter(({ answer }) => answer === 'waiting');
  const isIncomplete = refuted.length > 3 && 10 * refuted.length > confirmations.length;
  return {
    waiting: [...refuted, ...unclear, ...waiting].map(({ line }) => line.account),
    problems: [
      ...problemOf(
        refuted,
        'absence-refuted',
        'The listing says that they are gone or inactive, the vendor asked by id says that they are active. They stay ' +
          'active; the next run looks again.',
      ),
      ...problemOf(
        unclear,
        'confirmation-unclear',
        `The vendor gave no clear answer when asked for them by id (${unclear[0]?.text ?? ''}). They stay active; the ` +
          'next run asks again.',
      ),
      ...problemOf(
        waiting,
        'absence-waits',
        `They are missing, and stay active for now: ${waiting[0]?.text ?? ''}. A later run deactivates them, or finds ` +
          'them again.',
      ),
    ],
    incomplete: isIncomplete
      ? {
          code: 'read-incomplete',
          message:
            `The vendor contradicted ${refuted.length} of ${confirmations.length} absences when asked by id, so its ` +
            'listing was not complete. Nobody was deactivated. Run again; if it stays so, report it to the vendor.',
        }
      : null,
  };
}

function problemOf(lines: readonly Confirmation[], code: string, message: string): RunProblem[] {
  if (lines.length === 0) return [];
  const samples = lines.slice(0, mostSamples).map(({ line }) => line.username ?? line.vendorId);
  return [{ code, message, count: lines.length, samples }];
}
