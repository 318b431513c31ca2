import { Injectable } from '@nestjs/common';
import type { OperatorDocument } from '@rollcall/collections';
import type { ChangePasswordBody, RedeemLinkBody, SessionView, SignInBody } from '@rollcall/contracts';

import { GatewayError } from '../gateway.errors.js';
import type { Client } from '../http/client.js';
import type { WithCookies } from '../http/cookies.js';
import type { Caller } from '../http/operation.js';
import { emailKeyOf } from '../operators/email-key.js';
import { OperatorLinks } from '../operators/operator-links.service.js';
import { OperatorSessionsRepository } from '../operators/operator-sessions.repository.js';
import { OperatorsRepository } from '../operators/operators.repository.js';
import { PasswordHasher } from '../operators/password-hasher.js';
import { authenticate } from '../passport/authenticate.js';
import { SessionsService } from './sessions.service.js';
import { SignInLimits } from './sign-in-limits.js';

/** What the passport strategy `local` looks at: a body, and where it comes from. */
export interface LocalSignIn {
  readonly body: { readonly email: string; readonly password: string };
  readonly network: string;
}

/** Ways in by something that a person knows or was given: password and link. */
@Injectable()
export class PasswordSignIn {
  constructor(
    private readonly operators: OperatorsRepository,
    private readonly links: OperatorLinks,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly repository: OperatorSessionsRepository,
    private readonly limits: SignInLimits,
  ) {}

  /** Who it is; null when address or password is wrong, whichever of them. @throws TooManyRequests */
  async check({ email, password }: SignInBody, network: string): Promise<OperatorDocument | null> {
    return this.limits.attempt({ email, network }, async () => {
      const operator = await this.operators.findByEmail(emailKeyOf(email));
      const isRight = await this.hasher.matches(password, operator?.passwordHash ?? null);
      return operator?.state === 'active' && isRight ? operator : null;
    });
  }

  async signIn(body: SignInBody, client: Client): Promise<WithCookies<SessionView>> {
    const { network } = client;
    const operator = await authenticate<OperatorDocument>('local', { body, network } satisfies LocalSignIn);
    if (operator) return this.sessions.begin(operator, client);
    throw new GatewayError(
      'sign-in-refused',
      'E-mail address or password is wrong. Check both, or choose another password with a link: by mail if this installation sends mails (POST /api/v1/session/password-link), else from an administrator.',
    );
  }

  async redeem(body: RedeemLinkBody, client: Client): Promise<WithCookies<SessionView>> {
    const operator = await this.links.redeem(body);
    await this.limits.forgive(operator.email);
    const begun = await this.sessions.begin(operator, client);
    await this.limits.recognise(operator.email, client.network);
    return begun;
  }

  async change({ current, password }: ChangePasswordBody, caller: Caller, client: Client): Promise<undefined> {
    const { operator } = caller;
    if (!operator) throw noPassword();
    const known = await this.check({ email: operator.email, password: current }, client.network);
    if (!known)
      throw new GatewayError('sign-in-refused', 'The current password is wrong; nothing was changed. Try again.');
    const passwordHash = await this.hasher.hash(password);
    await this.operators.transaction(async (session) => {
      const changed = await this.operators.update(known, { passwordHash }, session);
      if (!changed) throw new GatewayError('version-conflict', 'Somebody changed this operator meanwhile. Try again.');
      await this.repository.endAllOf(known._id, this.operators.time(), session, caller.session?.id);
    });
    return undefined;
  }
}

const noPassword = (): GatewayError =>
  new GatewayError(
    'no-password',
    'An API key has no password. To replace a key, make another one and revoke this one: /api/v1/api-keys.',
  );
