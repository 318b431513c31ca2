import { Injectable } from '@nestjs/common';
import { type InputOf, mailLink, type ResultOf, testMail } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { LinkMails } from './link-mails.service.js';
import { MailService } from './mail.service.js';

@Injectable()
export class MailCommands {
  constructor(
    private readonly mails: MailService,
    private readonly links: LinkMails,
  ) {}

  @HandleCommand(testMail, { mode: 'outside' })
  test({ to }: InputOf<typeof testMail>, { id }: CommandContext): Promise<ResultOf<typeof testMail>> {
    return this.mails.test(to, id);
  }

  @HandleCommand(mailLink)
  sendLink(input: InputOf<typeof mailLink>, context: CommandContext): Promise<ResultOf<typeof mailLink>> {
    return this.links.enqueue(input, context);
  }
}
