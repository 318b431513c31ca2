import { Injectable } from '@nestjs/common';
import { createField, type InputOf, type ResultOf, updateField } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { FieldEditsService } from './field-edits.service.js';

@Injectable()
export class FieldsCommands {
  constructor(private readonly edits: FieldEditsService) {}

  @HandleCommand(createField)
  createField(input: InputOf<typeof createField>, context: CommandContext): Promise<ResultOf<typeof createField>> {
    return this.edits.createField(input, context);
  }

  @HandleCommand(updateField)
  updateField(input: InputOf<typeof updateField>, context: CommandContext): Promise<ResultOf<typeof updateField>> {
    return this.edits.updateField(input, context);
  }
}
