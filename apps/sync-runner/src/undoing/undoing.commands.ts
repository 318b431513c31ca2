import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, undoRun } from '@rollcall/contracts';
import { type CommandContext, HandleCommand, OutboxRelay } from '@rollcall/messaging';

import { UndoingService } from './undoing.service.js';

@Injectable()
export class UndoingCommands {
  constructor(
    private readonly undoing: UndoingService,
    private readonly relay: OutboxRelay,
  ) {}

  @HandleCommand(undoRun)
  async undo(input: InputOf<typeof undoRun>, context: CommandContext): Promise<ResultOf<typeof undoRun>> {
    context.afterCommit(() => this.relay.wake());
    return { run: await this.undoing.undo(input, context) };
  }
}
