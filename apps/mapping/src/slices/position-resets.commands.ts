import { Injectable } from '@nestjs/common';
import { type InputOf, resetPositions, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PositionResetsService } from './position-resets.service.js';

@Injectable()
export class PositionResetsCommands {
  constructor(private readonly resets: PositionResetsService) {}

  @HandleCommand(resetPositions)
  reset(input: InputOf<typeof resetPositions>, context: CommandContext): Promise<ResultOf<typeof resetPositions>> {
    return this.resets.reset(input, context);
  }
}
