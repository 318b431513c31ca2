import { Module } from '@nestjs/common';

import { MailRepository } from './mail.repository.js';
import { MailService } from './mail.service.js';
import { SmtpTransport } from './smtp-transport.js';

@Module({ providers: [MailService, MailRepository, SmtpTransport], exports: [MailService, MailRepository] })
export class MailModule {}
