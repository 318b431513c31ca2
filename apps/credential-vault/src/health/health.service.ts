import { Injectable } from '@nestjs/common';
import { Databases, inTransaction } from '@rollcall/collections';
import { AppError, credentialChanged } from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';

import { afterReport, type Report } from './after-report.js';
import { HealthRepository } from './health.repository.js';

/** Whether vendors accept a credential, as those tell who use it (V19). */
@Injectable()
export class HealthService {
  constructor(
    private readonly repository: HealthRepository,
    private readonly databases: Databases,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Marks a credential, or takes the mark off, if that is news; see `afterReport`.
   * @param key of the event, unique per report
   */
  async report({ credential, ...report }: Report, key: string, session: CommandContext['session']): Promise<boolean> {
    const stored = await this.repository.find(session, credential);
    if (!stored) throw new AppError('credential-not-found', 'This credential does not exist any more.');
    const after = afterReport(stored, report, this.databases.time().toISOString());
    if (after === null) return false;
    await this.repository.mark(session, after);
    await this.outbox.event(session, credentialChanged, {
      id: `h/${key}`,
      key: credential,
      subject: credential,
      time: after.updatedAt,
      data: { credential: after, change: 'updated' },
    });
    return true;
  }

  /** For the vault's own finding, in a transaction of its own. */
  async mark(report: Report, key: string): Promise<void> {
    await inTransaction(this.databases, (session) => this.report(report, key, session));
  }
}
