import { Inject, Injectable } from '@nestjs/common';
import { Databases, mailServers } from '@rollcall/collections';
import { HealthRegistry } from '@rollcall/observability';
import { EveryInterval } from '@rollcall/service';

import { CLOCK, type Clock } from '../clock/clock.js';
import type { MailFailure } from './mail-failure.js';
import { type MailOutcome, SmtpTransport } from './smtp-transport.js';

const lookMs = 5_000;
const askAgainMs = 5 * 60_000;
/** Somebody may be mending it just now. */
const askAgainWhenAwayMs = 30_000;

/**
 * Keeps what is known of the mail server where health shows it: asked at the start and now and then, and learned from
 * every mail. Contacts hear of trouble by mail, so trouble with mail must show elsewhere.
 */
@Injectable()
export class MailServerWatch {
  private askedAt: number | null = null;
  private failure: MailFailure | null = null;

  constructor(
    private readonly transport: SmtpTransport,
    private readonly databases: Databases,
    @Inject(CLOCK) private readonly clock: Clock,
    health: HealthRegistry,
  ) {
    health.add('mail server', () => this.state(), { isAdvisory: true });
  }

  /** What became of a mail tells of the server too. */
  async learn(outcome: MailOutcome): Promise<void> {
    const at = this.clock.now().toISOString();
    const isSent = outcome.kind === 'sent';
    await this.write(isSent || outcome.isOfMail ? null : outcome, {
      ...(isSent ? { lastSuccess: at } : { lastFailure: { at, reason: outcome.reason } }),
    });
  }

  @EveryInterval('mail server', lookMs)
  async askWhenDue(): Promise<void> {
    const pause = this.failure === null ? askAgainMs : askAgainWhenAwayMs;
    if (this.askedAt !== null && performance.now() - this.askedAt < pause) return;
    const failure = await this.transport.check();
    const at = this.clock.now().toISOString();
    await this.write(failure, failure === null ? {} : { lastFailure: { at, reason: failure.reason } });
  }

  private async write(
    failure: MailFailure | null,
    last: { readonly lastSuccess?: string; readonly lastFailure?: { at: string; reason: string } },
  ): Promise<void> {
    this.failure = failure;
    this.askedAt = performance.now();
    const { server } = this.transport;
    const first = { lastSuccess: null, lastFailure: null };
    const never = Object.fromEntries(Object.entries(first).filter(([name]) => !(name in last)));
    await this.databases.model(mailServers).updateOne(
      { _id: 'mail-server' },
      {
        $set: { server, reachable: failure === null, checkedAt: this.clock.now().toISOString(), ...last },
        $setOnInsert: never,
      },
      { upsert: true },
    );
  }

  private state() {
    const { server } = this.transport;
    if (this.askedAt === null) return { ok: true, detail: `${server} was not asked yet` };
    if (this.failure === null) return { ok: true, detail: `${server} can be reached` };
    return {
      ok: false,
      detail: `no mail reaches ${server}: ${this.failure.reason}. Set SMTP_URL (docs/guides/settings.md), then try \`./rollcall mail test\``,
    };
  }
}
