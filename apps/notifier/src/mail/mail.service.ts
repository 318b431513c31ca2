import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { OutgoingMailDocument } from '@rollcall/collections';
import { errorText, type MailTest } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';
import { Background, Drains, LOGGER } from '@rollcall/service';

import { CLOCK, type Clock } from '../clock/clock.js';
import { LinkMails } from './link-mails.service.js';
import { MailRepository } from './mail.repository.js';
import type { MailFailure } from './mail-failure.js';
import { MailServerWatch } from './mail-server-watch.js';
import { mostAttempts, pauseAfter } from './retry-plan.js';
import { type MailOutcome, SmtpTransport } from './smtp-transport.js';

/** Longer than one try can take, so that nobody else tries the same mail meanwhile. */
const leaseMs = 120_000;
const idleMs = 1_000;

const testText =
  'Somebody tried the mail server of Rollcall, and it works. Contacts of integrations get their notices this way.\n';

/** Sends queued mails one after the other. A crash between sending and writing that down repeats a mail, never loses one. */
@Injectable()
export class MailService implements BeforeApplicationShutdown {
  constructor(
    private readonly mails: MailRepository,
    private readonly links: LinkMails,
    private readonly transport: SmtpTransport,
    private readonly server: MailServerWatch,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly background: Background,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  beforeApplicationShutdown(): void {
    this.transport.close();
  }

  /** Looks for mail at once; called after a commit. */
  wake(): void {
    this.background.wake(MailService);
  }

  /** Sends one mail now, past the queue, so that whoever sets up the server sees at once what it says. */
  async test(to: string, id: string): Promise<MailTest> {
    const outcome = await this.transport.send({
      id,
      to: { name: '', email: to },
      subject: '[Rollcall] A mail to try the mail server',
      text: testText,
      date: this.clock.now(),
    });
    await this.server.learn(outcome);
    const { server, from } = this.transport;
    return outcome.kind === 'sent'
      ? { accepted: true, server, from, answer: outcome.answer }
      : { accepted: false, server, from, answer: outcome.reason };
  }

  @Drains({ name: 'mail', idleMs })
  async sendNext(): Promise<boolean> {
    const mail = await this.mails.claim(this.clock.now(), leaseMs);
    if (!mail) return false;
    await this.send(mail);
    return true;
  }

  private async send(mail: OutgoingMailDocument): Promise<void> {
    const { _id: id } = mail;
    const outcome = await this.outcomeOf(mail);
    if (outcome.kind === 'sent') return this.mails.finish(mail, 'sent', null);
    this.logger.warn(`mail not sent: ${outcome.reason}`, { notice: id, attempt: mail.attempts });
    if (outcome.kind === 'refused' || mail.attempts >= mostAttempts) {
      return this.mails.finish(mail, 'failed', outcome.reason);
    }
    const next = new Date(this.clock.now().getTime() + pauseAfter(mail.attempts));
    await this.mails.postpone(mail, next, outcome.reason);
  }

  private async outcomeOf(mail: OutgoingMailDocument): Promise<MailOutcome> {
    const { _id: id, to, subject, createdAt: date, expiresAt } = mail;
    if (expiresAt && expiresAt <= this.clock.now()) return tooLate;
    let text: string;
    try {
      text = await this.links.textOf(mail);
    } catch (error) {
      return { kind: 'retry', reason: errorText(error), isOfMail: true };
    }
    const outcome = await this.transport.send({ id, to, subject, text, date });
    await this.server.learn(outcome);
    return outcome;
  }
}

const tooLate: MailFailure = {
  kind: 'refused',
  reason: 'the link in it expired before the mail server took the mail; make another link',
  isOfMail: true,
};
