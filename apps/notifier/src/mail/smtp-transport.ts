import { Inject, Injectable } from '@nestjs/common';
import { isMailAddress } from '@rollcall/contracts';
import { redactSecrets, registerSecretValue } from '@rollcall/observability';
import { unwrapSecret } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';
import { createTransport, type Transporter } from 'nodemailer';

import type { NotifierConfig } from '../config.js';
import { singleLine } from './header-text.js';

export interface Mail {
  /** Notice id; makes the Message-ID, so that a second copy after a crash is recognised as one (I9). */
  readonly id: string;
  readonly to: { readonly name: string; readonly email: string };
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
}

/** `refused` is for ever, `retry` may go away. The reason is one line without secrets. */
export type MailOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'retry'; readonly reason: string };

/** Milliseconds; together below the lease of a mail. */
const connectionTimeout = 10_000;
const socketTimeout = 30_000;

/** One mail to one recipient over SMTP. */
@Injectable()
export class SmtpTransport {
  private readonly transporter: Transporter;

  constructor(@Inject(CONFIG) private readonly config: NotifierConfig) {
    const url = unwrapSecret(config.SMTP_URL);
    registerSecretValue(decodeURIComponent(new URL(url).password));
    this.transporter = createTransport({
      url,
      connectionTimeout,
      greetingTimeout: connectionTimeout,
      socketTimeout,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(mail: Mail): Promise<MailOutcome> {
    // Checked here and not left to the mail library, whose parser has sent mails elsewhere before (P39).
    if (!isMailAddress(mail.to.email)) {
      return { kind: 'refused', reason: 'the address of the contact is not one that mail can be sent to; correct it' };
    }
    try {
      await this.transporter.sendMail(this.messageOf(mail));
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOf(error);
    }
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

/**
 * Answers 5xx are final, with one exception: a refused login is our own setting, and would otherwise throw away every
 * mail until somebody corrects it.
 */
function outcomeOf(error: unknown): MailOutcome {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string };
  const reason = singleLine(redactSecrets(message ?? 'the mail server did not take the mail'), 300);
  const isFinal = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH';
  return { kind: isFinal ? 'refused' : 'retry', reason };
}
