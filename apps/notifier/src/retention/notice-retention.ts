import { Inject, Injectable } from '@nestjs/common';
import { credentials, Databases, deleteOld, notices, outgoingMail, trusted, watches } from '@rollcall/collections';
import { CONFIG, type RetentionRule, type RetentionRules } from '@rollcall/service';

import type { NotifierConfig } from '../config.js';
import { endingIncident, warningDays } from '../credentials/ending.js';

/** Notices, and mails that were sent or given up. */
@Injectable()
export class NoticeRetention implements RetentionRules {
  readonly rules: readonly RetentionRule[];

  constructor(
    private readonly databases: Databases,
    @Inject(CONFIG) config: NotifierConfig,
  ) {
    this.rules = [
      {
        kind: 'mails',
        days: config.RETENTION_MAILS_DAYS,
        deleteBefore: (before, limit) => this.deleteMails(before, limit),
      },
      {
        kind: 'notices',
        days: config.RETENTION_NOTICES_DAYS,
        deleteBefore: (before, limit) => this.deleteNotices(before, limit),
      },
    ];
  }

  private deleteMails(before: Date, limit: number): Promise<number> {
    const collection = this.databases.collection(outgoingMail);
    return deleteOld({ collection, filter: { state: { $ne: 'queued' }, createdAt: { $lt: before } }, limit });
  }

  /** A notice of an incident that goes on keeps contacts from hearing of it again. */
  private async deleteNotices(before: Date, limit: number): Promise<number> {
    const open = await this.databases.collection(watches).distinct('incident.id', { incident: { $ne: null } });
    const ending = await this.databases
      .model(credentials)
      .find({ expiresAt: trusted({ $type: 'string' }) })
      .lean();
    const warned = ending.flatMap((credential) => warningDays.map((days) => endingIncident(credential, days)));
    return deleteOld({
      collection: this.databases.collection(notices),
      filter: {
        createdAt: { $lt: before.toISOString() },
        mail: { $ne: 'queued' },
        incident: { $nin: [...(open as string[]), ...warned] },
      },
      limit,
    });
  }
}
