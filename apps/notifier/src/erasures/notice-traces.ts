import { Injectable } from '@nestjs/common';
import {
  Databases,
  type ErasureDocument,
  type ErasureSubject,
  notices,
  outgoingMail,
  redactDocuments,
  Redaction,
} from '@rollcall/collections';
import type { PersonalTraces } from '@rollcall/service';

import { Backlogs } from '../watches/backlogs.js';

/** Names of people in notices and mails. Whom they were sent to is no matter of theirs: contacts are changed where they are set up. */
@Injectable()
export class NoticeTraces implements PersonalTraces {
  constructor(
    private readonly databases: Databases,
    private readonly backlogs: Backlogs,
  ) {}

  /** An event that is read later would be told with the names that it holds; sync-runner and mapping may still say some. */
  async isUpToDate({ waitsFor }: ErasureDocument): Promise<boolean> {
    if (waitsFor.includes('sync-runner') || waitsFor.includes('mapping')) return false;
    return this.backlogs.areAllRead();
  }

  async erase(subject: ErasureSubject): Promise<void> {
    const redaction = new Redaction(subject);
    await redactDocuments(this.databases.collection(notices), {}, redaction);
    await redactDocuments(this.databases.collection(outgoingMail), {}, redaction);
  }
}
