import { Injectable } from '@nestjs/common';
import { Databases, type RunDocument } from '@rollcall/collections';
import type { RunProblem, RunReportOf, Verdict } from '@rollcall/contracts';

import type { ConfirmationOutcome, Judgement, Reason } from '../deactivation-guard/guard.js';
import { PlanLinesRepository } from '../deactivation-guard/plan-lines.repository.js';
import { RunEvidenceService } from '../deactivation-guard/run-evidence.service.js';
import { HeldPlansService } from '../held-plans/held-plans.service.js';
import { IntegrationsService } from '../integrations/integrations.service.js';
import { mostRefetches } from '../runs/generation.js';
import type { Session } from '../runs/runs.repository.js';
import { RunsService } from '../runs/runs.service.js';
import { NoRoom, SweepsService } from '../sweeps/sweeps.service.js';
import type { OpenVendor } from '../vendors/vendors.service.js';
import type { ClaimedRun } from './claimed-run.js';
import { ReportWaitService } from './report-wait.service.js';
import { RunFailure } from './run-failure.js';
import { endState, numbersOf, problemsOf } from './run-outcome.js';
import { mappedSteps } from './user-steps.js';

type Mapped = RunReportOf<'mapped'>;

type Confirmed = Pick<ConfirmationOutcome, 'waiting' | 'problems'>;
const noConfirmations: Confirmed = { waiting: [], problems: [] };

/** Takes a claimed run from judging to its end or to its sweep: carries out what the guard decides (A11 to A13). */
@Injectable()
export class RunVerdictService {
  constructor(
    private readonly runs: RunsService,
    private readonly reports: ReportWaitService,
    private readonly evidence: RunEvidenceService,
    private readonly integrations: IntegrationsService,
    private readonly lines: PlanLinesRepository,
    private readonly sweeps: SweepsService,
    private readonly heldPlans: HeldPlansService,
    private readonly databases: Databases,
  ) {}

  /** Waits for mapping's report and decides. `openVendor` is asked only if lines must be confirmed. */
  async decide(claimed: ClaimedRun, openVendor: () => Promise<OpenVendor>): Promise<void> {
    const report = await this.reports.wait(claimed, 'mapped');
    if (report.kind === 'standstill') return this.readAgain(claimed);
    if (claimed.run.subject !== null) return this.explain(claimed, report, claimed.run.subject);
    const judgement = await this.evidence.judge(claimed.run, report);
    if (claimed.run.scope === 'preview') return this.previewVerdict(claimed, report, judgement, openVendor);
    switch (judgement.kind) {
      case 'incomplete':
        throw await this.incomplete(claimed, report, judgement.reasons);
      case 'hold':
        return this.hold(claimed, report, judgement.reasons);
      case 'not-swept':
        return this.complete(
          claimed,
          report,
          this.verdictOf(report, 'not-swept', judgement.reasons),
          judgement.problems,
          'voided',
        );
      case 'nothing-staged':
        return this.complete(claimed, report, this.verdictOf(report, 'pass', []), judgement.problems, 'closed');
      case 'confirm':
        return this.confirm(claimed, report, await openVendor());
    }
  }

  /** What the guard would decide, with the vendor's word on each line; a preview reserves, holds and sweeps nothing (E6). */
  private async previewVerdict(
    claimed: ClaimedRun,
    report: Mapped,
    judgement: Judgement,
    openVendor: () => Promise<OpenVendor>,
  ): Promise<void> {
    if (judgement.kind === 'incomplete') throw await this.incomplete(claimed, report, judgement.reasons);
    const reasons = judgement.kind === 'hold' || judgement.kind === 'not-swept' ? judgement.reasons : [];
    const decision = judgement.kind === 'hold' || judgement.kind === 'not-swept' ? judgement.kind : 'pass';
    const outcome =
      judgement.kind === 'confirm' ? await this.confirmed(claimed, report, await openVendor()) : noConfirmations;
    const verdict = { ...this.verdictOf(report, decision, reasons), refuted: [...outcome.waiting] };
    const known = 'problems' in judgement ? judgement.problems : outcome.problems;
    claimed.checkHeld();
    const problems = problemsOf(claimed.run, report, known);
    const set = { verdict, ...numbersOf(report), problems, reason: null };
    claimed.run = await this.runs.change(claimed.claim, claimed.run, endState(report.counts.rejected, problems), set);
  }

  /** A run for one user judges nobody; it says what became of that user. */
  private async explain(
    claimed: ClaimedRun,
    report: Mapped,
    subject: NonNullable<RunDocument['subject']>,
  ): Promise<void> {
    if (report.result === 'incomplete') throw await this.incomplete(claimed, report, [report.reason ?? notReceived]);
    const isFetched = (claimed.run.evidence?.distinct ?? 0) > 0;
    const account = await this.lines.account(claimed.run.integration, subject.vendorId);
    const steps = isFetched ? [...subject.steps, ...mappedSteps(report, account)] : subject.steps;
    claimed.checkHeld();
    const state = endState(report.counts.rejected, report.problems);
    claimed.run = await this.runs.change(claimed.claim, claimed.run, state, {
      ...numbersOf(report),
      problems: problemsOf(claimed.run, report, []),
      subject: { ...subject, steps },
      reason: null,
    });
  }

  /** Nothing came back of what was read. It may have been lost with a restored database or a recreated topic. */
  private async readAgain(claimed: ClaimedRun): Promise<void> {
    if (claimed.run.refetches >= mostRefetches) {
      throw new RunFailure(
        'report-missing',
        `Mapping did not say what it made of this run, though it was read ${mostRefetches + 1} times. Nobody was ` +
          'deactivated. Look at /readyz of mapping and at the dead letters, then start the run again.',
      );
    }
    claimed.checkHeld();
    claimed.run = await this.runs.readAgain(claimed.claim, claimed.run);
  }

  private async confirm(claimed: ClaimedRun, report: Mapped, vendor: OpenVendor): Promise<void> {
    const outcome = await this.confirmed(claimed, report, vendor);
    claimed.checkHeld();
    const verdict = { ...this.verdictOf(report, 'pass', []), refuted: [...outcome.waiting] };
    const set = { verdict, ...numbersOf(report), problems: problemsOf(claimed.run, report, outcome.problems) };
    try {
      claimed.run = await this.runs.change(claimed.claim, claimed.run, 'sweeping', set, {
        unlessCancelled: true,
        also: (session, run) => this.pass(session, run, report),
      });
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      await this.hold(claimed, report, error.reasons);
    }
  }

  /** @throws RunFailure when the confirmations contradict the read */
  private async confirmed(claimed: ClaimedRun, report: Mapped, vendor: OpenVendor): Promise<Confirmed> {
    const { checkHeld } = claimed;
    const outcome = await this.evidence.confirm(claimed.run, report, { vendor, checkHeld });
    if (outcome.incomplete !== null) throw await this.incomplete(claimed, report, [outcome.incomplete]);
    return outcome;
  }

  /** What a passing verdict writes beside the run: its reservation, and the end of whatever was held before (A12, E3). */
  private async pass(session: Session, run: RunDocument, report: Mapped): Promise<void> {
    const integration = await this.integrations.get(run.integration, session);
    await this.sweeps.reserve(session, run, integration, report);
    await this.heldPlans.end(session, run.integration, 'closed');
  }

  private async hold(claimed: ClaimedRun, report: Mapped, reasons: readonly Reason[]): Promise<void> {
    claimed.checkHeld();
    const verdict = this.verdictOf(report, 'hold', reasons);
    const set = {
      verdict,
      ...numbersOf(report),
      problems: problemsOf(claimed.run, report, []),
      reason: { code: reasons[0]?.code ?? 'held', message: reasons.map(({ message }) => message).join(' ') },
    };
    claimed.run = await this.runs.hold(claimed.claim, claimed.run, set, (session, run) =>
      this.heldPlans.createOrRefresh(session, run, verdict, report.planHash),
    );
  }

  private async complete(
    claimed: ClaimedRun,
    report: Mapped,
    verdict: Verdict,
    problems: readonly RunProblem[],
    heldPlansEnd: 'closed' | 'voided',
  ): Promise<void> {
    claimed.checkHeld();
    const all = problemsOf(claimed.run, report, problems);
    claimed.run = await this.runs.change(
      claimed.claim,
      claimed.run,
      endState(report.counts.rejected, all),
      { verdict, ...numbersOf(report), problems: all, reason: null },
      { also: (session, run) => this.heldPlans.end(session, run.integration, heldPlansEnd) },
    );
  }

  /** Creates and updates so far stay, so the counts of a failed run are true and shown. */
  private async incomplete(claimed: ClaimedRun, report: Mapped, reasons: readonly Reason[]): Promise<RunFailure> {
    const set = { ...numbersOf(report), problems: problemsOf(claimed.run, report, []) };
    claimed.run = await this.runs.note(claimed.claim, 'judging', set);
    return new RunFailure(reasons[0]?.code ?? 'read-incomplete', reasons.map(({ message }) => message).join(' '));
  }

  private verdictOf(report: Mapped, decision: Verdict['decision'], reasons: readonly Reason[]): Verdict {
    return {
      decision,
      reasons: [...reasons],
      activeAtStart: report.activeAtStart,
      staged: report.staged,
      approved: report.approved,
      samples: report.samples,
      returned: report.returned,
      refuted: [],
      planHash: report.planHash,
      decidedAt: this.databases.time().toISOString(),
    };
  }
}

const notReceived: Reason = {
  code: 'read-incomplete',
  message: 'Mapping did not receive everything that was read. Start the run again.',
};
