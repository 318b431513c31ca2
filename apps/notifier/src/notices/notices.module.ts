import { Module } from '@nestjs/common';

import { MailModule } from '../mail/mail.module.js';
import { ContactsRepository } from './contacts.repository.js';
import { NoticesCommands } from './notices.commands.js';
import { NoticesRepository } from './notices.repository.js';
import { NoticesService } from './notices.service.js';

@Module({
  imports: [MailModule],
  providers: [ContactsRepository, NoticesCommands, NoticesService, NoticesRepository],
  exports: [NoticesService],
})
export class NoticesModule {}
