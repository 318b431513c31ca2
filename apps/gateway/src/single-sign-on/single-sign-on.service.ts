import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { ClientSession, OperatorDocument } from '@rollcall/collections';
import type { Grant, OperatorRole } from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import type { GatewayConfig } from '../config.js';
import { GatewayError } from '../gateway.errors.js';
import type { Client } from '../http/client.js';
import { type Cookie, Redirect } from '../http/cookies.js';
import { emailKeyOf } from '../operators/email-key.js';
import { OperatorSessionsRepository } from '../operators/operator-sessions.repository.js';
import { isAdministrator, OperatorsRepository } from '../operators/operators.repository.js';
import { authenticate } from '../passport/authenticate.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignInLimits } from '../sessions/sign-in-limits.js';
import { rolesOfGroups } from './group-roles.js';
import { callbackPath, type Errand, type Identity, IdentityProvider } from './identity-provider.js';

const errandCookie = 'rollcall_single_sign_on';
const errandSeconds = 600;
const part = '[A-Za-z0-9_-]{20,128}';
const errandForm = new RegExp(`^(${part})\\.(${part})\\.(${part})$`);

/** What the passport strategy `single-sign-on` looks at: what the browser brings back, and what it took along. */
export interface ProviderAnswer {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly errand: Errand;
}

@Injectable()
export class SingleSignOn {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly operators: OperatorsRepository,
    private readonly sessions: SessionsService,
    private readonly openSessions: OperatorSessionsRepository,
    private readonly limits: SignInLimits,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Where a browser starts; null when there is no identity provider. */
  get entry(): { name: string; url: string } | null {
    if (!this.provider.isConfigured) return null;
    return { name: this.config.OIDC_NAME, url: callbackPath.slice(0, callbackPath.lastIndexOf('/')) };
  }

  async begin(): Promise<Redirect> {
    const { url, errand } = await this.provider.begin();
    return new Redirect(url, [this.errandCookie(`${errand.state}.${errand.nonce}.${errand.verifier}`, errandSeconds)]);
  }

  /** @throws GatewayError sign-in-refused, provider-unavailable */
  async end(answer: Readonly<Record<string, unknown>>, client: Client): Promise<Redirect> {
    const errand = errandOf(client.cookies[errandCookie]);
    const operator = await authenticate<OperatorDocument>('single-sign-on', {
      answer,
      errand,
    } satisfies ProviderAnswer);
    if (!operator) throw notInvited();
    const { cookies, signedIn } = await this.sessions.begin(operator, client);
    await this.limits.recognise(operator.email, client.network);
    return new Redirect('/', [...cookies, this.errandCookie('', 0)], signedIn);
  }

  /** The operator behind an answer of the provider; null when nobody invited them and no group of theirs has a role. */
  async operatorOf({ answer, errand }: ProviderAnswer): Promise<OperatorDocument | null> {
    const identity = await this.provider.identify(answer, errand);
    const roles = rolesOfGroups(identity.groups, this.config.OIDC_ROLES);
    const known = await this.find(identity);
    if (known?.state === 'disabled') return null;
    return known ? this.admit(known, identity, roles) : this.create(identity, roles);
  }

  /** By who they are at the provider; whoever comes for the first time by the address that they were invited under. */
  private async find({ subject, email }: Identity): Promise<OperatorDocument | null> {
    const known = await this.operators.findBySubject(subject);
    if (known || email === null) return known;
    const invited = await this.operators.findByEmail(emailKeyOf(email));
    // Somebody else of the provider had this address before: theirs is not handed on with it.
    return invited?.subject === undefined ? invited : null;
  }

  private async admit(
    operator: OperatorDocument,
    { subject }: Identity,
    roles: readonly OperatorRole[],
  ): Promise<OperatorDocument | null> {
    const grants = operator.rolesFromProvider ? grantsOf(roles) : operator.grants;
    const hadRole = operator.grants.length > 0;
    const isSame = operator.subject === subject && operator.state === 'active' && isEqual(grants, operator.grants);
    if (isSame && hadRole) return operator;
    if (grants.length === 0 && !hadRole) return null;
    return this.operators.transaction(async (session) => {
      const isKept = await this.isLastAdministrator(operator, grants, session);
      if (grants.length === 0 && !isKept) return this.takeRoles(operator, session);
      const change = { subject, state: 'active' as const, grants: isKept ? operator.grants : grants };
      return this.operators.update(operator, change, session);
    });
  }

  /** The last administrator stays one, so that somebody can repair the groups. */
  private async isLastAdministrator(
    operator: OperatorDocument,
    grants: Grant[],
    session: ClientSession,
  ): Promise<boolean> {
    if (!isAdministrator(operator) || isAdministrator({ state: 'active', grants })) return false;
    return (await this.operators.administrators(session)).every(({ _id }) => _id === operator._id);
  }

  /** In no group with a role any more: what they had left opens nothing either. */
  private async takeRoles(operator: OperatorDocument, session: ClientSession): Promise<null> {
    if (await this.operators.update(operator, { grants: [] }, session))
      await this.openSessions.endAllOf(operator._id, this.operators.time(), session);
    return null;
  }

  private async create(
    { subject, email, name }: Identity,
    roles: readonly OperatorRole[],
  ): Promise<OperatorDocument | null> {
    if (email === null || roles.length === 0) return null;
    const document: OperatorDocument = {
      _id: randomUUID(),
      email,
      emailKey: emailKeyOf(email),
      name: name ?? email,
      state: 'active',
      grants: grantsOf(roles),
      passwordHash: null,
      subject,
      rolesFromProvider: true,
      createdAt: this.operators.time(),
      lastSignInAt: null,
      version: 1,
    };
    return (await this.operators.insert(document)) ? document : null;
  }

  /** Comes back with the provider's redirect, which is another site's: lax, and not strict. */
  private errandCookie(value: string, maxAgeSeconds: number): Cookie {
    const isSecure = this.config.ROLLCALL_PUBLIC_URL?.startsWith('https:') ?? false;
    return { name: errandCookie, value, path: callbackPath, sameSite: 'lax', maxAgeSeconds, isSecure };
  }
}

const grantsOf = (roles: readonly OperatorRole[]): Grant[] => roles.map((role) => ({ role, limit: null }));

const isEqual = (one: readonly Grant[], other: readonly Grant[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** @throws GatewayError sign-in-refused when this browser was never sent away, or too long ago */
function errandOf(cookie: string | undefined): Errand {
  const [, state, nonce, verifier] = errandForm.exec(cookie ?? '') ?? [];
  if (state !== undefined && nonce !== undefined && verifier !== undefined) return { state, nonce, verifier };
  throw new GatewayError(
    'sign-in-refused',
    'This browser did not start single sign-on here within the last ten minutes. Start again from the sign-in page.',
  );
}

const notInvited = (): GatewayError =>
  new GatewayError(
    'sign-in-refused',
    'The identity provider knows you, but here you are disabled, or nobody invited you and none of your groups has a role. Ask an administrator for an invitation.',
  );
