import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, undoRun } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { UndoingService } from './undoing.service.js';

@Injectable()
export class UndoingCommands {
  constructor(private readonly undoing: UndoingService) {}

  @HandleCommand(undoRun)
  async undo(input: InputOf<typeof undoRun>, context: CommandContext): Promise<ResultOf<typeof undoRun>> {
    return { run: await this.undoing.undo(input, context) };
  }
}
