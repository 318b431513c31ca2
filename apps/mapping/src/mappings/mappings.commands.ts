import { Injectable } from '@nestjs/common';
import { evaluateMapping, type InputOf, registerIntegration, type ResultOf, updateMapping } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { MappingEditsService } from './mapping-edits.service.js';
import { MappingsService } from './mappings.service.js';

@Injectable()
export class MappingsCommands {
  constructor(
    private readonly edits: MappingEditsService,
    private readonly mappings: MappingsService,
  ) {}

  @HandleCommand(registerIntegration)
  register(
    input: InputOf<typeof registerIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof registerIntegration>> {
    return this.mappings.register(input, context);
  }

  @HandleCommand(updateMapping)
  update(input: InputOf<typeof updateMapping>, context: CommandContext): Promise<ResultOf<typeof updateMapping>> {
    return this.edits.update(input, context);
  }

  @HandleCommand(evaluateMapping, { mode: 'outside' })
  evaluate(input: InputOf<typeof evaluateMapping>, context: CommandContext): Promise<ResultOf<typeof evaluateMapping>> {
    return this.edits.evaluate(input, context);
  }
}
