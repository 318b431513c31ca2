import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, testMail } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { MailService } from './mail.service.js';

@Injectable()
export class MailCommands {
  constructor(private readonly mails: MailService) {}

  @HandleCommand(testMail, { mode: 'outside' })
  test({ to }: InputOf<typeof testMail>, { id }: CommandContext): Promise<ResultOf<typeof testMail>> {
    return this.mails.test(to, id);
  }
}
