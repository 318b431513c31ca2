import { Inject, Injectable } from '@nestjs/common';
import { type Contact, noticeCreated, type NoticeRecord } from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';
import { v7 as uuidv7 } from 'uuid';

import { CLOCK, type Clock } from '../clock/clock.js';
import { MailRepository } from '../mail/mail.repository.js';
import { MailService } from '../mail/mail.service.js';
import { ContactsRepository } from './contacts.repository.js';
import type { Finding } from './finding.js';
import { noticeText } from './notice-texts.js';
import { noticeNotFound } from './notices.errors.js';
import { NoticesRepository } from './notices.repository.js';

type Session = CommandContext['session'];

/** Stands in where an integration names nobody, so that trouble is never silent. Has no address and gets no mail. */
export const allOperators = { name: 'All operators', email: '' } as const;

@Injectable()
export class NoticesService {
  constructor(
    private readonly notices: NoticesRepository,
    private readonly contacts: ContactsRepository,
    private readonly mails: MailRepository,
    private readonly mail: MailService,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Notice, mail and event for every contact, inside the transaction of what was found (I9). */
  async notify(
    session: Session,
    finding: Finding,
    subject: { readonly name: string; readonly contacts: readonly Contact[] },
  ): Promise<void> {
    const told = await this.notices.findToldAddresses(session, finding.incident);
    const { title, text } = noticeText(finding, subject.name);
    for (const contact of recipientsOf(await this.contacts.present(subject.contacts, session))) {
      if (told.has(contact.email)) continue;
      const createdAt = this.clock.now();
      const notice: NoticeRecord = {
        id: uuidv7(),
        kind: finding.kind,
        incident: finding.incident,
        integration: finding.integration,
        run: finding.run?.id ?? null,
        contact,
        title,
        text,
        mail: contact.email === '' ? 'none' : 'queued',
        readAt: null,
        createdAt: createdAt.toISOString(),
      };
      await this.store(session, notice, createdAt);
    }
  }

  /** Whether anybody has heard of an incident. */
  isTold(incident: string): Promise<boolean> {
    return this.notices.isTold(incident);
  }

  /** After the commit: what was stored leaves at once instead of at the next tick. */
  wake(): void {
    this.mail.wake();
  }

  async markRead(id: string, { session }: CommandContext): Promise<{ notice: NoticeRecord }> {
    const notice = await this.notices.markRead(session, id, this.clock.now().toISOString());
    if (!notice) throw noticeNotFound(id);
    return { notice };
  }

  private async store(session: Session, notice: NoticeRecord, createdAt: Date): Promise<void> {
    await this.notices.insert(session, notice);
    if (notice.mail === 'queued') {
      await this.mails.enqueue(session, {
        _id: notice.id,
        to: notice.contact,
        subject: `[Rollcall] ${notice.title}`,
        text: `${notice.text}\n`,
        createdAt,
      });
    }
    await this.outbox.event(session, noticeCreated, {
      id: notice.id,
      key: notice.id,
      subject: notice.id,
      time: notice.createdAt,
      data: { notice },
    });
  }
}

/** One entry per address: two names with one mailbox are one contact. */
export function recipientsOf(contacts: readonly Contact[]): readonly { name: string; email: string }[] {
  const byAddress = new Map(contacts.map((contact) => [contact.email.toLowerCase(), contact] as const));
  return byAddress.size === 0 ? [allOperators] : [...byAddress.values()].map(({ name, email }) => ({ name, email }));
}
