import { Injectable } from '@nestjs/common';
import { createApp, type InputOf, linkApp, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { AppsService } from './apps.service.js';

@Injectable()
export class AppsCommands {
  constructor(private readonly apps: AppsService) {}

  @HandleCommand(createApp)
  create(input: InputOf<typeof createApp>, context: CommandContext): Promise<ResultOf<typeof createApp>> {
    return this.apps.create(input, context);
  }

  @HandleCommand(linkApp)
  link(input: InputOf<typeof linkApp>, context: CommandContext): Promise<ResultOf<typeof linkApp>> {
    return this.apps.link(input, context);
  }
}
