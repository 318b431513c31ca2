import { Injectable } from '@nestjs/common';
import { applyPreview, type InputOf, previewRun, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PlannedRuns } from '../runs/planned-runs.js';
import { PreviewsService } from './previews.service.js';

@Injectable()
export class PreviewsCommands {
  constructor(
    private readonly previews: PreviewsService,
    private readonly planned: PlannedRuns,
  ) {}

  @HandleCommand(previewRun)
  async preview(input: InputOf<typeof previewRun>, context: CommandContext): Promise<ResultOf<typeof previewRun>> {
    context.afterCommit(() => this.planned.announce());
    return { run: await this.previews.preview(input.integration, context) };
  }

  @HandleCommand(applyPreview)
  async apply(input: InputOf<typeof applyPreview>, context: CommandContext): Promise<ResultOf<typeof applyPreview>> {
    context.afterCommit(() => this.planned.announce());
    return { run: await this.previews.apply(input.run, context) };
  }
}
