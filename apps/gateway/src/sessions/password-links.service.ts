import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { OperatorDocument } from '@rollcall/collections';
import type { RequestLinkBody } from '@rollcall/contracts';
import { Drains } from '@rollcall/service';

import { AuditTrail } from '../audit/audit.service.js';
import { GatewayError, TooManyRequests } from '../gateway.errors.js';
import type { Client } from '../http/client.js';
import type { CallContext } from '../http/operation.js';
import { sha256 } from '../http/sha256.js';
import { emailKeyOf } from '../operators/email-key.js';
import { LinkMails } from '../operators/link-mails.service.js';
import { OperatorLinks } from '../operators/operator-links.service.js';
import { OperatorsRepository } from '../operators/operators.repository.js';
import { TokenBuckets } from '../rate-limits/token-buckets.js';
import { AccountDigest } from './account-digest.js';
import { PasswordLinkRequestsRepository } from './password-link-requests.repository.js';
import { requestPasswordLink } from './sessions.operations.js';

/** Requests in a minute from one network. */
const perMinuteOfNetwork = 10;
/** Links for one account in an hour. */
const mostInHour = 3;
const hourMs = 60 * 60_000;
/** Requests that wait; more than people who forget their passwords at once. */
const mostWaiting = 500;
const lookMs = 1_000;

interface Waiting {
  readonly email: string;
  readonly client: Client;
  readonly requestId: string;
  readonly actor: string;
}

/**
 * A link to choose another password, by mail. A request is counted and answered before anybody looks whether there is such an
 * account, and looked at later by the clock, so that neither the answer nor its time tells.
 */
@Injectable()
export class PasswordLinks implements BeforeApplicationShutdown {
  private readonly networks = new TokenBuckets({ perMinute: perMinuteOfNetwork });
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly requests: PasswordLinkRequestsRepository,
    private readonly accounts: AccountDigest,
    private readonly operators: OperatorsRepository,
    private readonly links: OperatorLinks,
    private readonly mails: LinkMails,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws GatewayError mail-not-available; TooManyRequests: each whether or not there is such an account */
  async request({ email }: RequestLinkBody, { client, requestId, caller }: CallContext): Promise<undefined> {
    const waitMs = this.networks.take(client.network);
    if (waitMs > 0) throw tooManyOfNetwork(waitMs);
    if (!(await this.mails.canSend())) throw noMail();
    const { count, leftMs } = await this.requests.count(this.accounts.of(email), hourMs);
    if (count > mostInHour) throw tooManyOfAccount(leftMs);
    if (this.waiting.length >= mostWaiting) throw tooManyOfNetwork(lookMs);
    this.waiting.push({ email, client, requestId, actor: caller.actor });
    return undefined;
  }

  @Drains({ name: 'password links', idleMs: lookMs })
  async sendNext(): Promise<boolean> {
    const next = this.waiting.shift();
    if (next === undefined) return false;
    const operator = await this.operators.findByEmail(emailKeyOf(next.email));
    if (operator !== null && mayHaveLink(operator)) await this.send(operator, next);
    return true;
  }

  /** Whoever was told that a mail comes gets it, also when this gateway ends. */
  async beforeApplicationShutdown(): Promise<void> {
    while (await this.sendNext());
  }

  private async send({ _id, name, email }: OperatorDocument, { client, requestId, actor }: Waiting): Promise<void> {
    // Links of before stay valid: else anybody could end the one that somebody just opens.
    const link = await this.links.make('reset', _id, client, { keepsOthers: true });
    const reference = sha256(link.token);
    const to = { name, email };
    const isSent = await this.mails.send({ link, purpose: 'reset', to, actor, requestId, reference });
    const entry = { actor, requestId, address: client.address, operation: requestPasswordLink.id };
    await this.audit.note({ ...entry, object: `operators/${_id}/password-link`, status: isSent ? 200 : 503 });
  }
}

/** Who signs in through an identity provider only has no password that they could forget. */
function mayHaveLink({ state, passwordHash }: OperatorDocument): boolean {
  return state === 'active' && passwordHash !== null;
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const noMail = (): GatewayError =>
  new GatewayError(
    'mail-not-available',
    'This installation cannot mail links now: it needs ROLLCALL_PUBLIC_URL and a mail server that answers. Ask an administrator for a link to choose another password.',
  );

const tooManyOfNetwork = (waitMs: number): TooManyRequests =>
  new TooManyRequests(
    `Too many links were asked for from this address. Wait ${secondsOf(waitMs)} seconds (Retry-After), then try again.`,
    secondsOf(waitMs),
  );

const tooManyOfAccount = (leftMs: number): TooManyRequests =>
  new TooManyRequests(
    `A link was asked for ${mostInHour} times within an hour for this address. Open the one in the newest mail, look among the unwanted mails too, or ask an administrator for a link.`,
    secondsOf(leftMs),
  );
