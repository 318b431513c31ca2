import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, retryRun } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PlannedRuns } from '../runs/planned-runs.js';
import { RunRetriesService } from './run-retries.service.js';

@Injectable()
export class RunRetriesCommands {
  constructor(
    private readonly retries: RunRetriesService,
    private readonly planned: PlannedRuns,
  ) {}

  @HandleCommand(retryRun)
  async retry({ run }: InputOf<typeof retryRun>, context: CommandContext): Promise<ResultOf<typeof retryRun>> {
    context.afterCommit(() => this.planned.announce());
    return { run: await this.retries.retry(run, context) };
  }
}
