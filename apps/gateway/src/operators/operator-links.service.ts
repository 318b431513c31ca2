import { randomBytes, randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { ClientSession, LinkPurpose, OperatorDocument, OperatorLinkDocument } from '@rollcall/collections';
import type { OperatorLink, RedeemLinkBody } from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import type { GatewayConfig } from '../config.js';
import { found, GatewayError } from '../gateway.errors.js';
import type { Client } from '../http/client.js';
import { sha256 } from '../http/sha256.js';
import { emailKeyOf } from './email-key.js';
import { OperatorSessionsRepository } from './operator-sessions.repository.js';
import { OperatorsRepository } from './operators.repository.js';
import { PasswordHasher } from './password-hasher.js';

const hourMs = 60 * 60_000;
const lifetimes: Readonly<Record<LinkPurpose, number>> = {
  'first-administrator': 24 * hourMs,
  invitation: 72 * hourMs,
  reset: hourMs,
};

/** Path of the page that a link opens. The token comes behind `#`, so that no server and no log ever sees it. */
export const welcomePath = '/welcome';

/** Begins tokens for the first administrator, so that the page can ask who they are. */
export const firstAdministratorPrefix = 'first-';

/** Links that work once, with which somebody chooses a password. */
@Injectable()
export class OperatorLinks {
  constructor(
    private readonly repository: OperatorsRepository,
    private readonly sessions: OperatorSessionsRepository,
    private readonly hasher: PasswordHasher,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async firstAdministrator(client: Client): Promise<OperatorLink> {
    if (await this.repository.hasAdministrator()) throw administratorExists();
    return this.make('first-administrator', null, client);
  }

  async reset(operator: string, client: Client): Promise<OperatorLink> {
    const { state } = found(await this.repository.find(operator), `operator ${operator}`);
    if (state === 'disabled') {
      throw new GatewayError(
        'operator-disabled',
        'This operator is disabled. Let them in again first: set state to "active".',
      );
    }
    return this.make(state === 'invited' ? 'invitation' : 'reset', operator, client);
  }

  /** Those that were made before for the same operator open nothing any more, unless `keepsOthers`. */
  async make(
    purpose: LinkPurpose,
    operator: string | null,
    { origin }: Client,
    { session, keepsOthers = false }: { session?: ClientSession; keepsOthers?: boolean } = {},
  ): Promise<OperatorLink> {
    const token = `${operator === null ? firstAdministratorPrefix : ''}${randomBytes(32).toString('base64url')}`;
    const createdAt = this.repository.time();
    const expiresAt = new Date(createdAt.getTime() + lifetimes[purpose]);
    if (!keepsOthers) await this.repository.dropLinks(operator, session);
    await this.repository.insertLink({ _id: sha256(token), purpose, operator, createdAt, expiresAt }, session);
    const url = new URL(`${welcomePath}#${token}`, this.config.ROLLCALL_PUBLIC_URL ?? origin).toString();
    return { token, url, expiresAt: expiresAt.toISOString() };
  }

  /**
   * Sets the password that the link is for, and ends all sessions of before. A link whose password is refused still works.
   * @returns the operator, who may sign in now @throws GatewayError link-not-valid, name-taken
   */
  async redeem({ token, password, email, name }: RedeemLinkBody): Promise<OperatorDocument> {
    const link = await this.repository.findLink(sha256(token));
    if (!link || link.expiresAt <= this.repository.time()) throw linkNotValid();
    // Before the transaction: hashing takes a while, and may be done in vain.
    const passwordHash = await this.hasher.hash(password);
    return this.repository.transaction(async (session) => {
      if (!(await this.repository.takeLink(link._id, session))) throw linkNotValid();
      return link.operator === null
        ? this.makeAdministrator({ email, name, passwordHash }, session)
        : this.setPassword(link, passwordHash, session);
    });
  }

  private async setPassword(
    { operator }: OperatorLinkDocument,
    passwordHash: string,
    session: ClientSession,
  ): Promise<OperatorDocument> {
    await this.repository.dropLinks(operator, session);
    const document = await this.repository.find(operator!, session);
    if (!document || document.state === 'disabled') throw linkNotValid();
    await this.sessions.endAllOf(document._id, this.repository.time(), session);
    return (await this.repository.update(document, { passwordHash, state: 'active' }, session))!;
  }

  private async makeAdministrator(
    { email, name, passwordHash }: { email?: string | undefined; name?: string | undefined; passwordHash: string },
    session: ClientSession,
  ): Promise<OperatorDocument> {
    if ((await this.repository.administrators(session)).length > 0) throw administratorExists();
    if (email === undefined || name === undefined) throw whoIsIt();
    const document: OperatorDocument = {
      _id: randomUUID(),
      email,
      emailKey: emailKeyOf(email),
      name,
      state: 'active',
      grants: [{ role: 'admin', limit: null }],
      passwordHash,
      rolesFromProvider: false,
      createdAt: this.repository.time(),
      lastSignInAt: null,
      version: 1,
    };
    if (await this.repository.insert(document, session)) return document;
    throw new GatewayError('name-taken', 'There is an operator with this e-mail address already. Enter another one.');
  }
}

const linkNotValid = (): GatewayError =>
  new GatewayError(
    'link-not-valid',
    'This link was used already, has expired, or was replaced by a newer one. Ask for another one: by mail if this installation sends mails (POST /api/v1/session/password-link), else from an administrator; for the first administrator `./rollcall up` prints one.',
  );

const administratorExists = (): GatewayError =>
  new GatewayError(
    'administrator-exists',
    'There is an administrator already, who invites everybody else: POST /api/v1/operators.',
  );

const whoIsIt = (): GatewayError => {
  const faults = ['email', 'name'].map((field) => ({
    pointer: `/${field}`,
    message: 'is needed for the first administrator',
  }));
  return new GatewayError('invalid-request', 'The first administrator needs an e-mail address and a name.', faults);
};
