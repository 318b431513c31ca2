import { Injectable } from '@nestjs/common';
import type { RunReportOf } from '@rollcall/contracts';

import { RunsService } from '../runs/runs.service.js';
import { SweepsService } from '../sweeps/sweeps.service.js';

/** What mapping reports of an undo: the run tells it, and who was deactivated in vain leaves the sums of the guard. */
@Injectable()
export class UndoneReportsService {
  constructor(
    private readonly runs: RunsService,
    private readonly sweeps: SweepsService,
  ) {}

  async store(report: RunReportOf<'undone'>): Promise<void> {
    await this.runs.storeUndone(report, async (session, { _id, counts }) => {
      const left = (counts?.deactivated ?? 0) - report.reactivated;
      await this.sweeps.settle(session, _id, Math.max(0, left));
    });
  }
}
