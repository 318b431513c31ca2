import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, type RunDocument } from '@rollcall/collections';
import type { Connector, ConnectorContext } from '@rollcall/connector-kit';
import type { PlanLine, RunProblem, RunReportOf, Verdict } from '@rollcall/contracts';

import { HeldPlansService } from '../held-plans/held-plans.service.js';
import { isOnHold } from '../integrations/deactivates.js';
import { IntegrationsService } from '../integrations/integrations.service.js';
import { confirmLines } from '../judging/confirm-lines.js';
import { confirmByEarlierRuns } from '../judging/earlier-absences.js';
import { EarlierRunsRepository } from '../judging/earlier-runs.repository.js';
import { type Confirmation, judge, type Judgement, type Reason, weighConfirmations } from '../judging/guard.js';
import { PlanLinesRepository } from '../judging/plan-lines.repository.js';
import { RawRecordsService } from '../reading/raw-records.service.js';
import { mostRefetches } from '../runs/generation.js';
import type { Session } from '../runs/runs.repository.js';
import { RunsService } from '../runs/runs.service.js';
import { NoRoom, SweepsService } from '../sweeps/sweeps.service.js';
import type { OpenVendor } from '../vendors/vendors.service.js';
import type { ClaimedRun } from './claimed-run.js';
import { ReportWaitService } from './report-wait.service.js';
import { RunFailure } from './run-failure.js';
import { mappedSteps } from './user-steps.js';

type Mapped = RunReportOf<'mapped'>;

type Confirmed = Pick<ReturnType<typeof weighConfirmations>, 'waiting' | 'problems'>;
const nobody: Confirmed = { waiting: [], problems: [] };

/** Takes a held run from judging to its end: report, verdict, sweep (A11 to A13). */
@Injectable()
export class RunJudgeService {
  constructor(
    private readonly runs: RunsService,
    private readonly reports: ReportWaitService,
    private readonly integrations: IntegrationsService,
    private readonly lines: PlanLinesRepository,
    private readonly earlier: EarlierRunsRepository,
    private readonly records: RawRecordsService,
    private readonly sweeps: SweepsService,
    private readonly heldPlans: HeldPlansService,
    private readonly databases: Databases,
  ) {}

  /** Waits for mapping's report and decides. `openVendor` is asked only if lines must be confirmed. */
  async judge(held: ClaimedRun, openVendor: () => Promise<OpenVendor>): Promise<void> {
    const report = await this.reports.wait(held, 'mapped');
    if (report.kind === 'standstill') return this.readAgain(held);
    if (held.run.subject !== null) return this.explain(held, report, held.run.subject);
    const integration = await this.integrations.get(held.run.integration);
    const judgement = await this.judgement(held.run, integration, report);
    if (held.run.scope === 'preview') return this.previewVerdict(held, report, judgement, openVendor);
    switch (judgement.kind) {
      case 'incomplete':
        throw await this.incomplete(held, report, judgement.reasons);
      case 'hold':
        return this.hold(held, report, judgement.reasons);
      case 'not-swept':
        return this.complete(
          held,
          report,
          this.verdictOf(report, 'not-swept', judgement.reasons),
          judgement.problems,
          'voided',
        );
      case 'nothing-staged':
        return this.complete(held, report, this.verdictOf(report, 'pass', []), judgement.problems, 'closed');
      case 'confirm':
        return this.confirm(held, report, await openVendor());
    }
  }

  private async judgement(run: RunDocument, integration: IntegrationDocument, report: Mapped): Promise<Judgement> {
    return judge({
      report,
      limit: integration.deactivationLimit,
      sums: await this.sweeps.sums(run, integration),
      sent: run.evidence?.distinct ?? -1,
      scope: run.scopeFingerprint,
      lastGoodScope: integration.lastGoodScope,
      deactivates: run.pinned?.deactivate === true,
      onHold: isOnHold(integration) ? (integration.deactivate.heldBy ?? {}) : null,
    });
  }

  /** What the guard would decide, with the vendor's word on each line; a preview reserves, holds and sweeps nothing (E6). */
  private async previewVerdict(
    held: ClaimedRun,
    report: Mapped,
    judgement: Judgement,
    openVendor: () => Promise<OpenVendor>,
  ): Promise<void> {
    if (judgement.kind === 'incomplete') throw await this.incomplete(held, report, judgement.reasons);
    const reasons = judgement.kind === 'hold' || judgement.kind === 'not-swept' ? judgement.reasons : [];
    const decision = judgement.kind === 'hold' || judgement.kind === 'not-swept' ? judgement.kind : 'pass';
    const outcome = judgement.kind === 'confirm' ? await this.confirmed(held, report, await openVendor()) : nobody;
    const verdict = { ...this.verdictOf(report, decision, reasons), refuted: [...outcome.waiting] };
    const known = 'problems' in judgement ? judgement.problems : outcome.problems;
    held.checkHeld();
    const problems = problemsOf(held.run, report, known);
    const set = { verdict, ...numbersOf(report), problems, reason: null };
    held.run = await this.runs.change(held.hold, held.run, endState(report.counts.rejected, problems), set);
  }

  /** A run for one user judges nobody; it says what became of that user. */
  private async explain(held: ClaimedRun, report: Mapped, subject: NonNullable<RunDocument['subject']>): Promise<void> {
    if (report.result === 'incomplete') throw await this.incomplete(held, report, [report.reason ?? notReceived]);
    const isFetched = (held.run.evidence?.distinct ?? 0) > 0;
    const account = await this.lines.account(held.run.integration, subject.vendorId);
    const steps = isFetched ? [...subject.steps, ...mappedSteps(report, account)] : subject.steps;
    held.checkHeld();
    held.run = await this.runs.change(held.hold, held.run, endState(report.counts.rejected, report.problems), {
      ...numbersOf(report),
      problems: problemsOf(held.run, report, []),
      subject: { ...subject, steps },
      reason: null,
    });
  }

  /** Says the verdict to mapping, as often as it takes, and waits until it is carried out (A12). */
  async sweep(held: ClaimedRun): Promise<void> {
    for (;;) {
      const { reports, generation } = held.run;
      if (reports[`${generation}:swept`] === undefined) {
        held.checkHeld();
        await this.records.sweep(held.run);
      }
      const report = await this.reports.wait(held, 'swept');
      if (report.kind === 'swept') return this.swept(held, report.deactivated, report.stale);
      if (!report.isOurs) return this.sweepLost(held);
    }
  }

  private async swept(held: ClaimedRun, deactivated: number, stale: number): Promise<void> {
    const { counts, problems } = held.run;
    held.run = await this.runs.change(
      held.hold,
      held.run,
      endState(counts?.rejected ?? 0, problems),
      { counts: counts === null ? null : { ...counts, deactivated, stale }, reason: null },
      { also: (session, { _id }) => this.sweeps.settle(session, _id, deactivated) },
    );
  }

  /** Mapping forgot the run, or reads another one by now: what it has not carried out it never will. */
  private async sweepLost(held: ClaimedRun): Promise<void> {
    const executed = await this.lines.countExecuted(held.run._id);
    const staged = held.run.verdict?.staged ?? 0;
    const problems = [...held.run.problems, sweepLost(staged - executed, executed)];
    held.run = await this.runs.note(held.hold, 'sweeping', { problems });
    await this.swept(held, executed, 0);
  }

  /** Nothing came back of what was read. It may have been lost with a restored database or a recreated topic. */
  private async readAgain(held: ClaimedRun): Promise<void> {
    if (held.run.refetches >= mostRefetches) {
      throw new RunFailure(
        'report-missing',
        `Mapping did not say what it made of this run, though it was read ${mostRefetches + 1} times. Nobody was ` +
          'deactivated. Look at /readyz of mapping and at the dead letters, then start the run again.',
      );
    }
    held.checkHeld();
    held.run = await this.runs.readAgain(held.hold, held.run);
  }

  private async confirm(held: ClaimedRun, report: Mapped, vendor: OpenVendor): Promise<void> {
    const outcome = await this.confirmed(held, report, vendor);
    held.checkHeld();
    const verdict = { ...this.verdictOf(report, 'pass', []), refuted: [...outcome.waiting] };
    const set = { verdict, ...numbersOf(report), problems: problemsOf(held.run, report, outcome.problems) };
    try {
      held.run = await this.runs.change(held.hold, held.run, 'sweeping', set, {
        unlessCancelled: true,
        also: (session, run) => this.pass(session, run, report),
      });
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      await this.hold(held, report, error.reasons);
    }
  }

  /** Evidence (f) of every staged line that nobody approved. @throws RunFailure when it contradicts the read */
  private async confirmed(held: ClaimedRun, report: Mapped, { connector, context }: OpenVendor): Promise<Confirmed> {
    const lines = await this.lines.staged(held.run._id, held.run.generation, report.staged);
    if (lines === null) {
      const message = 'The staged deactivations are not those that mapping reported. Start the run again.';
      throw await this.incomplete(held, report, [{ code: 'plan-mismatch', message }]);
    }
    // A person approved them, and this second complete read is their confirmation (E4).
    const unapproved = lines.filter(({ approved }) => !approved);
    const outcome = weighConfirmations(await this.confirmations(held, connector, context, unapproved));
    if (outcome.incomplete !== null) throw await this.incomplete(held, report, [outcome.incomplete]);
    return outcome;
  }

  /** What a passing verdict writes beside the run: its reservation, and the end of whatever was held before (A12, E3). */
  private async pass(session: Session, run: RunDocument, report: Mapped): Promise<void> {
    const integration = await this.integrations.get(run.integration, session);
    await this.sweeps.reserve(session, run, integration, report);
    await this.heldPlans.end(session, run.integration, 'closed');
  }

  /** By the vendor's word on each, or where it gives none by what earlier runs saw (evidence f). */
  private async confirmations(
    held: ClaimedRun,
    connector: Connector,
    context: ConnectorContext,
    lines: readonly PlanLine[],
  ): Promise<Confirmation[]> {
    if (connector.manifest.capabilities.confirmById) return confirmLines(connector, context, lines, held.checkHeld);
    const now = this.databases.timeMs();
    const accounts = lines.map(({ account }) => account);
    return confirmByEarlierRuns(lines, await this.earlier.before(held.run, accounts, now), now);
  }

  private async hold(held: ClaimedRun, report: Mapped, reasons: readonly Reason[]): Promise<void> {
    held.checkHeld();
    const verdict = this.verdictOf(report, 'hold', reasons);
    const set = {
      verdict,
      ...numbersOf(report),
      problems: problemsOf(held.run, report, []),
      reason: { code: reasons[0]?.code ?? 'held', message: reasons.map(({ message }) => message).join(' ') },
    };
    held.run = await this.runs.hold(held.hold, held.run, set, (session, run) =>
      this.heldPlans.meet(session, run, verdict, report.planHash),
    );
  }

  private async complete(
    held: ClaimedRun,
    report: Mapped,
    verdict: Verdict,
    problems: readonly RunProblem[],
    heldPlansEnd: 'closed' | 'voided',
  ): Promise<void> {
    held.checkHeld();
    const all = problemsOf(held.run, report, problems);
    held.run = await this.runs.change(
      held.hold,
      held.run,
      endState(report.counts.rejected, all),
      { verdict, ...numbersOf(report), problems: all, reason: null },
      { also: (session, run) => this.heldPlans.end(session, run.integration, heldPlansEnd) },
    );
  }

  /** Creates and updates so far stay, so the counts of a failed run are true and shown. */
  private async incomplete(held: ClaimedRun, report: Mapped, reasons: readonly Reason[]): Promise<RunFailure> {
    const set = { ...numbersOf(report), problems: problemsOf(held.run, report, []) };
    held.run = await this.runs.note(held.hold, 'judging', set);
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

/** Counts of a report as the run shows them. */
function numbersOf(report: Mapped): Pick<RunDocument, 'counts' | 'passedOver'> {
  return { counts: countsOf(report), passedOver: report.passedOver };
}

function countsOf({ counts, staged }: Mapped): NonNullable<RunDocument['counts']> {
  const { unknownStatus: _unknownStatus, ...users } = counts;
  return { ...users, staged, deactivated: 0, stale: 0 };
}

/** Of reader, mapping and guard, each once: a successor that judges again finds the reader's already there. */
function problemsOf(run: RunDocument, report: Mapped, guard: readonly RunProblem[]): RunProblem[] {
  const byCode = new Map([...run.problems, ...report.problems, ...guard].map((problem) => [problem.code, problem]));
  return [...byCode.values()];
}

function endState(rejected: number, problems: readonly RunProblem[]): 'completed' | 'completed-with-errors' {
  return rejected > 0 || problems.length > 0 ? 'completed-with-errors' : 'completed';
}

function sweepLost(left: number, done: number): RunProblem {
  return {
    code: 'sweep-lost',
    message:
      `${done} of the judged deactivations were carried out; mapping lost the rest of the plan, as happens when its ` +
      'database or the topic raw-records was restored or recreated. They stay active; the next run judges them again.',
    count: left,
    samples: [],
  };
}

const notReceived: Reason = {
  code: 'read-incomplete',
  message: 'Mapping did not receive everything that was read. Start the run again.',
};
