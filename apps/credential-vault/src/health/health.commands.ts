import { Injectable } from '@nestjs/common';
import { type InputOf, reportCredential, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { HealthService } from './health.service.js';

@Injectable()
export class HealthCommands {
  constructor(private readonly health: HealthService) {}

  @HandleCommand(reportCredential)
  async report(
    input: InputOf<typeof reportCredential>,
    context: CommandContext,
  ): Promise<ResultOf<typeof reportCredential>> {
    return { changed: await this.health.report(input, context.id, context.session) };
  }
}
