import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, setSourcesOfTruth } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { SourcesService } from './sources.service.js';

@Injectable()
export class SourcesCommands {
  constructor(private readonly sources: SourcesService) {}

  @HandleCommand(setSourcesOfTruth)
  set(input: InputOf<typeof setSourcesOfTruth>, context: CommandContext): Promise<ResultOf<typeof setSourcesOfTruth>> {
    return this.sources.set(input, context);
  }
}
