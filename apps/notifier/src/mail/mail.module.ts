import { Module } from '@nestjs/common';

import { LinkMails } from './link-mails.service.js';
import { MailCommands } from './mail.commands.js';
import { MailRepository } from './mail.repository.js';
import { MailService } from './mail.service.js';
import { MailServerWatch } from './mail-server-watch.js';
import { SmtpTransport } from './smtp-transport.js';

@Module({
  providers: [LinkMails, MailCommands, MailService, MailRepository, MailServerWatch, SmtpTransport],
  exports: [MailService, MailRepository],
})
export class MailModule {}
