import { Inject, Injectable } from '@nestjs/common';
import { pollUntil } from '@rollcall/collections';
import type { RunReportOf } from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { MappingProgressRepository } from '../run-reports/mapping-progress.repository.js';
import { RunsService } from '../runs/runs.service.js';
import type { ClaimedRun } from './claimed-run.js';

/** Looks at the run document for reports: soon at first, later four times a second. */
const lookAfterMs = [0, 20, 50, 100, 250];
/** How often mapping's own documents are looked at beside it. */
const progressLookMs = 2_000;
/** So many times the limit is waited while other integrations keep the partition moving. */
const mostWaits = 6;

/** No report came within the limit. `isOurs`: mapping still knows the run, so the message can be sent again. */
export interface Standstill {
  readonly kind: 'standstill';
  readonly isOurs: boolean;
}

type Report<Kind extends 'mapped' | 'swept'> = RunReportOf<Kind>;

/**
 * Waits for what mapping reports of a run. Mapping may take as long as it needs while it moves; but a report, or the
 * message that it would answer, may be lost for good when a database or a topic was restored or recreated, and a run
 * that waits for it would keep its integration from running for ever.
 */
@Injectable()
export class ReportWaitService {
  constructor(
    private readonly runs: RunsService,
    private readonly progress: MappingProgressRepository,
    @Inject(CONFIG) private readonly config: SyncRunnerConfig,
  ) {}

  /** The report of this generation, whichever replica stored it. */
  async wait<Kind extends 'mapped' | 'swept'>(claimed: ClaimedRun, kind: Kind): Promise<Report<Kind> | Standstill> {
    const startedAt = performance.now();
    let [movedAt, mark, lookedAt] = [startedAt, '', startedAt];
    return pollUntil<Report<Kind> | Standstill>(async () => {
      claimed.checkHeld();
      const run = await this.runs.look(claimed.claim);
      const report = run?.reports[`${claimed.run.generation}:${kind}`];
      if (report !== undefined) return report as Report<Kind>;
      const now = performance.now();
      if (now - lookedAt >= Math.min(progressLookMs, this.config.REPORT_WAIT_MS / 2)) {
        lookedAt = now;
        const found = await this.progress.of(claimed.run, kind);
        if (found.report?.kind === kind) await this.runs.storeReport(found.report);
        if (found.mark !== mark) [movedAt, mark] = [now, found.mark];
        if (found.report === null && this.isOver(now - movedAt, now - startedAt)) {
          return { kind: 'standstill', isOurs: found.isOurs };
        }
      }
      return null;
    }, lookAfterMs);
  }

  private isOver(stillMs: number, waitedMs: number): boolean {
    const limitMs = this.config.REPORT_WAIT_MS;
    return stillMs > limitMs || waitedMs > mostWaits * limitMs;
  }
}
