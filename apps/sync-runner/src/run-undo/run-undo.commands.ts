import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, undoRun } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { RunUndoService } from './run-undo.service.js';

@Injectable()
export class RunUndoCommands {
  constructor(private readonly runUndo: RunUndoService) {}

  @HandleCommand(undoRun)
  async undo(input: InputOf<typeof undoRun>, context: CommandContext): Promise<ResultOf<typeof undoRun>> {
    return { run: await this.runUndo.undo(input, context) };
  }
}
