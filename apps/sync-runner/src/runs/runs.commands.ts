import { Injectable } from '@nestjs/common';
import { cancelRun, type InputOf, type ResultOf, startRun, startUserRun } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PlannedRuns } from './planned-runs.js';
import { RunRequestsService } from './run-requests.service.js';

@Injectable()
export class RunsCommands {
  constructor(
    private readonly requests: RunRequestsService,
    private readonly planned: PlannedRuns,
  ) {}

  @HandleCommand(startRun)
  async start(input: InputOf<typeof startRun>, context: CommandContext): Promise<ResultOf<typeof startRun>> {
    context.afterCommit(() => this.planned.announce());
    return { run: await this.requests.start(input.integration, context) };
  }

  @HandleCommand(startUserRun)
  async startForUser(
    { integration, ...subject }: InputOf<typeof startUserRun>,
    context: CommandContext,
  ): Promise<ResultOf<typeof startUserRun>> {
    context.afterCommit(() => this.planned.announce());
    return { run: await this.requests.startForUser(integration, subject, context) };
  }

  @HandleCommand(cancelRun)
  async cancel(input: InputOf<typeof cancelRun>, context: CommandContext): Promise<ResultOf<typeof cancelRun>> {
    return { run: await this.requests.cancel(input.run, context) };
  }
}
