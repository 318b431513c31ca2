import { Injectable } from '@nestjs/common';
import { type InputOf, markNoticeRead, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { NoticesService } from './notices.service.js';

@Injectable()
export class NoticesCommands {
  constructor(private readonly notices: NoticesService) {}

  @HandleCommand(markNoticeRead)
  markRead(input: InputOf<typeof markNoticeRead>, context: CommandContext): Promise<ResultOf<typeof markNoticeRead>> {
    return this.notices.markRead(input.id, context);
  }
}
