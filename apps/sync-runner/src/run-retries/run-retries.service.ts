import { Injectable } from '@nestjs/common';
import type { RunRecord } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { PreviewsService } from '../previews/previews.service.js';
import { RunRequestsService } from '../runs/run-requests.service.js';
import { isEnded } from '../runs/run-state.js';
import { runNotEnded } from '../runs/runs.errors.js';

/** Starts again what a run was for, with the settings of today. An approval is used up by its run and has to be given again. */
@Injectable()
export class RunRetriesService {
  constructor(
    private readonly requests: RunRequestsService,
    private readonly previews: PreviewsService,
  ) {}

  async retry(id: string, context: CommandContext): Promise<RunRecord> {
    const run = await this.requests.get(id, context.session);
    if (!isEnded(run.state)) throw runNotEnded(id);
    const { integration, subject, applies } = run;
    if (subject !== null) return this.requests.startForUser(integration, subject, context);
    if (run.scope === 'preview') return this.previews.preview(integration, context);
    return applies === null ? this.requests.start(integration, context) : this.previews.apply(applies, context);
  }
}
