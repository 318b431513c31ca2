import { Inject, Injectable } from '@nestjs/common';
import {
  type CredentialDocument,
  credentials,
  Databases,
  type IntegrationDocument,
  integrations,
  inTransaction,
  trusted,
} from '@rollcall/collections';
import { EveryInterval } from '@rollcall/service';

import { CLOCK, type Clock } from '../clock/clock.js';
import type { Finding } from '../notices/finding.js';
import { NoticesService } from '../notices/notices.service.js';
import { endingIncident, horizon, warningDue } from './ending.js';

const lookEveryMs = 60_000;

/** Tells whoever looks after a credential, and the contacts of its integrations, before it ends. */
@Injectable()
export class EndingCredentialsService {
  constructor(
    private readonly databases: Databases,
    private readonly notices: NoticesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** May run on several replicas at once: who was told is looked up in the transaction that tells. */
  @EveryInterval('ending credentials', lookEveryMs)
  async tellDue(): Promise<void> {
    const now = this.clock.now();
    const ending = await this.databases
      .model(credentials)
      .find({ expiresAt: trusted({ $type: 'string', $lte: horizon(now).toISOString() }) })
      .lean();
    for (const credential of ending) await this.tell(credential, now);
  }

  private async tell(credential: CredentialDocument, now: Date): Promise<void> {
    const { _id: id, name, owner = null } = credential;
    const expiresAt = credential.expiresAt!;
    const days = warningDue(expiresAt, now);
    if (days === null) return;
    const incident = endingIncident(credential, days);
    if (await this.notices.isTold(incident)) return;
    const using: IntegrationDocument[] = await this.databases
      .model(integrations)
      .find({ credential: id })
      .sort({ name: 1 })
      .lean();
    const finding: Finding = {
      kind: days === 0 ? 'credential-expired' : 'credential-expiring',
      integration: null,
      run: null,
      incident,
      credential: { id, expiresAt, integrations: using.map((integration) => integration.name) },
    };
    const contacts = [...(owner === null ? [] : [owner]), ...using.flatMap((integration) => integration.contacts)];
    await inTransaction(this.databases, (session) => this.notices.notify(session, finding, { name, contacts }));
    this.notices.wake();
  }
}
