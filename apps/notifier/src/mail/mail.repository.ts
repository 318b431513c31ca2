import { Injectable } from '@nestjs/common';
import {
  Databases,
  inTransaction,
  type NoticeDocument,
  notices,
  outgoingMail,
  type OutgoingMailDocument,
  trusted,
} from '@rollcall/collections';
import { Leases } from '@rollcall/messaging';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

/** Mails wait here from the transaction of their notice until the mail server has them. */
@Injectable()
export class MailRepository {
  private readonly mails: Model<OutgoingMailDocument>;
  private readonly notices: Model<NoticeDocument>;

  constructor(
    private readonly databases: Databases,
    private readonly leases: Leases,
  ) {
    this.mails = databases.model(outgoingMail);
    this.notices = databases.model(notices);
  }

  async enqueue(
    session: ClientSession,
    mail: Pick<OutgoingMailDocument, '_id' | 'to' | 'subject' | 'text' | 'createdAt' | 'sealedLink' | 'expiresAt'>,
  ): Promise<void> {
    await this.mails.create(
      [{ ...mail, state: 'queued', attempts: 0, notBefore: mail.createdAt, lease: null, lastError: null }],
      { session },
    );
  }

  /**
   * The mail that has waited longest, leased to this process and counted as tried. Whether a lease ran out is judged by
   * the clock of the database (P44).
   */
  async claim(now: Date, leaseMs: number): Promise<OutgoingMailDocument | null> {
    return this.mails
      .findOneAndUpdate(
        {
          state: 'queued',
          notBefore: trusted({ $lte: now }),
          $expr: trusted({ $lt: [{ $ifNull: ['$lease.until', new Date(0)] }, '$$NOW'] }),
        },
        [
          {
            $set: {
              lease: { holder: { $literal: this.leases.holder }, until: { $add: ['$$NOW', leaseMs] } },
              attempts: { $add: ['$attempts', 1] },
            },
          },
        ],
        { sort: { notBefore: 1 }, returnDocument: 'after' },
      )
      .lean();
  }

  /** Writes the end of a mail, and mirrors it to its notice. A link that it held is gone. Does nothing if the lease went to another process. */
  async finish(mail: OutgoingMailDocument, state: 'sent' | 'failed', lastError: string | null): Promise<void> {
    await inTransaction(this.databases, async (session) => {
      const written = await this.mails.updateOne(
        this.stillMine(mail),
        { $set: { state, lastError, lease: null }, $unset: { sealedLink: 1 } },
        { session },
      );
      if (written.matchedCount === 0) return;
      await this.notices.updateOne({ _id: mail._id }, { $set: { mail: state } }, { session });
    });
  }

  async postpone(mail: OutgoingMailDocument, notBefore: Date, lastError: string): Promise<void> {
    await this.mails.updateOne(this.stillMine(mail), { $set: { notBefore, lastError, lease: null } });
  }

  private stillMine(mail: OutgoingMailDocument) {
    return { _id: mail._id, attempts: mail.attempts, 'lease.holder': this.leases.holder };
  }
}
