import { Injectable } from '@nestjs/common';
import { type InputOf, previewUndo, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { UndoPreviewService } from './undo-preview.service.js';

@Injectable()
export class UndoPreviewCommands {
  constructor(private readonly previews: UndoPreviewService) {}

  @HandleCommand(previewUndo, { mode: 'outside' })
  preview(input: InputOf<typeof previewUndo>, context: CommandContext): Promise<ResultOf<typeof previewUndo>> {
    return this.previews.preview(input, context);
  }
}
