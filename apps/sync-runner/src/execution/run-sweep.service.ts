import { Injectable } from '@nestjs/common';
import type { RunProblem } from '@rollcall/contracts';

import { PlanLinesRepository } from '../deactivation-guard/plan-lines.repository.js';
import { RawRecordsService } from '../reading/raw-records.service.js';
import { RunsService } from '../runs/runs.service.js';
import { SweepsService } from '../sweeps/sweeps.service.js';
import type { ClaimedRun } from './claimed-run.js';
import { ReportWaitService } from './report-wait.service.js';
import { endState } from './run-outcome.js';

/** Takes a claimed run from sweeping to its end. */
@Injectable()
export class RunSweepService {
  constructor(
    private readonly runs: RunsService,
    private readonly reports: ReportWaitService,
    private readonly lines: PlanLinesRepository,
    private readonly records: RawRecordsService,
    private readonly sweeps: SweepsService,
  ) {}

  /** Tells mapping the verdict, as often as it takes, and waits until it is carried out (A12). */
  async sweep(claimed: ClaimedRun): Promise<void> {
    for (;;) {
      const { reports, generation } = claimed.run;
      if (reports[`${generation}:swept`] === undefined) {
        claimed.checkHeld();
        await this.records.sweep(claimed.run);
      }
      const report = await this.reports.wait(claimed, 'swept');
      if (report.kind === 'swept') return this.swept(claimed, report.deactivated, report.stale);
      if (!report.isOurs) return this.sweepLost(claimed);
    }
  }

  private async swept(claimed: ClaimedRun, deactivated: number, stale: number): Promise<void> {
    const { counts, problems } = claimed.run;
    claimed.run = await this.runs.change(
      claimed.claim,
      claimed.run,
      endState(counts?.rejected ?? 0, problems),
      { counts: counts === null ? null : { ...counts, deactivated, stale }, reason: null },
      { also: (session, { _id }) => this.sweeps.settle(session, _id, deactivated) },
    );
  }

  /** Mapping forgot the run, or reads another one by now: what it has not carried out it never will. */
  private async sweepLost(claimed: ClaimedRun): Promise<void> {
    const executed = await this.lines.countExecuted(claimed.run._id);
    const staged = claimed.run.verdict?.staged ?? 0;
    const problems = [...claimed.run.problems, sweepLost(staged - executed, executed)];
    claimed.run = await this.runs.note(claimed.claim, 'sweeping', { problems });
    await this.swept(claimed, executed, 0);
  }
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
