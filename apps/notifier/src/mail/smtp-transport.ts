import { Inject, Injectable } from '@nestjs/common';
import { isMailAddress } from '@rollcall/contracts';
import { redactSecrets } from '@rollcall/observability';
import { CONFIG } from '@rollcall/service';
import { createTransport, type Transporter } from 'nodemailer';

import type { NotifierConfig } from '../config.js';
import { singleLine } from './header-text.js';
import { failureOf, type MailFailure } from './mail-failure.js';
import { transportOptions } from './mail-server.js';

export interface Mail {
  /** Notice id; makes the Message-ID, so that a second copy after a crash is recognised as one (I9). */
  readonly id: string;
  readonly to: { readonly name: string; readonly email: string };
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
}

/** `answer` is the server's, one line. */
export type MailOutcome = { readonly kind: 'sent'; readonly answer: string } | MailFailure;

/** One mail to one recipient over SMTP. */
@Injectable()
export class SmtpTransport {
  private readonly transporter: Transporter;

  constructor(@Inject(CONFIG) private readonly config: NotifierConfig) {
    this.transporter = createTransport(transportOptions(config.SMTP_URL));
  }

  async send(mail: Mail): Promise<MailOutcome> {
    // Checked here and not left to the mail library, whose parser has sent mails elsewhere before (P39).
    if (!isMailAddress(mail.to.email)) {
      const reason = 'the address of the contact is not one that mail can be sent to; correct it';
      return { kind: 'refused', reason, isOfMail: true };
    }
    try {
      const { response } = (await this.transporter.sendMail(this.messageOf(mail))) as { response?: string };
      return { kind: 'sent', answer: singleLine(redactSecrets(response ?? ''), 600) };
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Connects and logs in without sending anything. Null when all is well. */
  async check(): Promise<MailFailure | null> {
    try {
      await this.transporter.verify();
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  get server(): string {
    const { host, port, isTls } = this.config.SMTP_URL;
    return `${host}:${port ?? (isTls ? 465 : 587)}`;
  }

  get from(): string {
    return this.config.MAIL_FROM.address;
  }

  close(): void {
    this.transporter.close();
  }

  private messageOf(mail: Mail) {
    const { MAIL_FROM: from } = this.config;
    return {
      envelope: { from: from.address, to: [mail.to.email] },
      from: { name: singleLine(from.name, 120), address: from.address },
      to: [{ name: singleLine(mail.to.name, 120), address: mail.to.email }],
      subject: singleLine(mail.subject, 200),
      text: mail.text,
      date: mail.date,
      messageId: `<${mail.id}@rollcall>`,
      // Keeps out-of-office robots from answering (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
  }
}
