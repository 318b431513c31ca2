import { Inject, Injectable } from '@nestjs/common';
import { Databases, inTransaction } from '@rollcall/collections';
import {
  AppError,
  credentialChanged,
  type CredentialRecord,
  type InputOf,
  type reportCredential,
} from '@rollcall/contracts';
import { type CommandContext, Outbox, OutboxRelay } from '@rollcall/messaging';

import { HealthRepository } from './health.repository.js';

type Report = InputOf<typeof reportCredential>;

/** Whether vendors accept a credential, as those tell who use it (V19). */
@Injectable()
export class HealthService {
  constructor(
    @Inject(HealthRepository) private readonly repository: HealthRepository,
    @Inject(Databases) private readonly databases: Databases,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
  ) {}

  /**
   * Marks a credential, or takes the mark off. What is said of an older secret is of no interest any more, and what is
   * known already changes nothing.
   * @param key of the event, unique per report
   */
  async report(
    { credential, secretVersion, refused }: Report,
    key: string,
    session: CommandContext['session'],
  ): Promise<boolean> {
    const stored = await this.repository.find(session, credential);
    if (!stored) throw new AppError('credential-not-found', 'This credential does not exist any more.');
    const isKnown = (stored.attention?.code ?? null) === (refused?.code ?? null);
    if (stored.secretVersion !== secretVersion || isKnown) return false;
    const at = this.databases.time().toISOString();
    const after: CredentialRecord = {
      ...stored,
      version: stored.version + 1,
      attention: refused === null ? null : { ...refused, at },
      updatedAt: at,
    };
    await this.repository.mark(session, after);
    await this.outbox.event(session, credentialChanged, {
      id: `h/${key}`,
      key: credential,
      subject: credential,
      time: at,
      data: { credential: after, change: 'updated' },
    });
    return true;
  }

  /** For the vault's own finding, in a transaction of its own. */
  async mark(report: Report, key: string): Promise<void> {
    await inTransaction(this.databases, (session) => this.report(report, key, session));
    this.relay.wake();
  }
}
