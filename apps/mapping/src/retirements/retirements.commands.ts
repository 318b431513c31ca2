import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, retireIntegration } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { RetirementsService } from './retirements.service.js';

@Injectable()
export class RetirementsCommands {
  constructor(private readonly retirements: RetirementsService) {}

  @HandleCommand(retireIntegration)
  retire(
    input: InputOf<typeof retireIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof retireIntegration>> {
    return this.retirements.retire(input, context);
  }
}
