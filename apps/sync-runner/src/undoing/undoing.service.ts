import { Inject, Injectable } from '@nestjs/common';
import type { RunRecord } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { IntegrationsService } from '../integrations/integrations.service.js';
import { RawRecordsService } from '../reading/raw-records.service.js';
import { RunRequestsService } from '../runs/run-requests.service.js';
import { RunsService } from '../runs/runs.service.js';

/** Takes the deactivations of a run back (E5): the hold and the wish in one transaction, UNDO itself afterwards. */
@Injectable()
export class UndoingService {
  constructor(
    @Inject(RunRequestsService) private readonly requests: RunRequestsService,
    @Inject(RunsService) private readonly runs: RunsService,
    @Inject(IntegrationsService) private readonly integrations: IntegrationsService,
    @Inject(RawRecordsService) private readonly records: RawRecordsService,
  ) {}

  async undo(id: string, context: CommandContext): Promise<RunRecord> {
    const run = await this.requests.undo(id, context);
    await this.integrations.holdDeactivation(context.session, run.integration);
    return run;
  }

  /** Sends one UNDO that was wished for. A crash in between sends it again, which changes nothing at mapping. */
  async sendNext(): Promise<boolean> {
    const run = await this.runs.findUnsentUndo();
    if (!run?.undo) return false;
    await this.records.undo(run, run.undo.requestedAt);
    await this.runs.noteUndoSent(run._id, new Date());
    return true;
  }
}
