import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, retryRun } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PlannedRuns } from '../runs/planned-runs.js';
import { RetryingService } from './retrying.service.js';

@Injectable()
export class RetryingCommands {
  constructor(
    private readonly retrying: RetryingService,
    private readonly planned: PlannedRuns,
  ) {}

  @HandleCommand(retryRun)
  async retry({ run }: InputOf<typeof retryRun>, context: CommandContext): Promise<ResultOf<typeof retryRun>> {
    context.afterCommit(() => this.planned.announce());
    return { run: await this.retrying.retry(run, context) };
  }
}
