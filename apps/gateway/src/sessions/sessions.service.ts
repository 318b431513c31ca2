import { Inject, Injectable } from '@nestjs/common';
import type { OperatorDocument, SessionDocument } from '@rollcall/collections';
import type { SessionView } from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import type { GatewayConfig } from '../config.js';
import { GatewayError } from '../gateway.errors.js';
import type { Client } from '../http/client.js';
import { type Cookie, WithCookies } from '../http/cookies.js';
import type { Caller } from '../http/operation.js';
import { sha256 } from '../http/sha256.js';
import { actorOfOperator } from '../operators/operator-actor.js';
import { OperatorSessionsRepository } from '../operators/operator-sessions.repository.js';
import { OperatorsRepository } from '../operators/operators.repository.js';
import { KnownKeys } from '../rate-limits/known-keys.js';
import { rightsOfGrants, scopesEverywhere } from '../rights/rights.js';
import { forgottenCookies, refreshCookie, sessionCookies } from './session-cookies.js';
import { csrfTokenOf, isSameHash, newSessionId, newToken, parseToken, type SessionToken } from './session-tokens.js';

const minuteMs = 60_000;
/** A stolen access token is of use for this long at most. */
const accessMs = 10 * minuteMs;
/** A browser that was not used for this long is signed out. */
const refreshMs = 12 * 60 * minuteMs;
/** However often it is used, after this long people sign in again. */
const wholeMs = 7 * 24 * 60 * minuteMs;

@Injectable()
export class SessionsService {
  private readonly known = new KnownKeys();

  constructor(
    private readonly repository: OperatorSessionsRepository,
    private readonly operators: OperatorsRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * Who is behind the access token of a browser; null when it is of no use. Session and operator are asked for on every
   * request, so that whoever was signed out or disabled is out at once, on every replica (P29).
   */
  async callerOf(text: string): Promise<Caller | null> {
    const token = parseToken(text);
    const now = this.operators.time();
    const session = token && (await this.findOpen(token.session, now));
    if (!token || !session || session.accessExpiresAt <= now || !isSameHash(session.accessHash, token.hash))
      return null;
    const operator = await this.operators.find(session.operator);
    if (operator?.state !== 'active') return null;
    this.known.noteRight(sha256(text));
    return callerOf(operator, session);
  }

  /** Was the token valid when the database was asked last? Lets nobody in; says whose budget a request counts against. */
  wasRight(text: string): boolean {
    return this.known.wasRight(sha256(text));
  }

  /**
   * Signs an operator in, in a browser that nobody is signed in in from now on but them.
   * @param operator as they were when it was proven who they are @throws GatewayError sign-in-refused: changed since
   */
  async begin(operator: OperatorDocument, client: Client): Promise<WithCookies<SessionView>> {
    const now = this.operators.time();
    const { tokens, cookies } = this.newTokens(newSessionId(), now, client);
    const session: SessionDocument = {
      _id: tokens.session,
      operator: operator._id,
      ...tokens.stored,
      createdAt: now,
      endsAt: new Date(now.getTime() + wholeMs),
      network: client.network,
      endedAt: null,
    };
    await this.operators.transaction(async (own) => {
      if (!(await this.operators.noteSignIn(operator, now, own))) throw changedMeanwhile();
      await this.repository.insert(session, own);
    });
    const caller = callerOf(operator, session);
    return new WithCookies(viewOf(caller, session), cookies, caller.actor);
  }

  /**
   * New tokens for those of the browser. A refresh token that was used before is in two hands, and nobody can tell whose
   * are the right ones: the session ends.
   */
  async refresh(client: Client): Promise<WithCookies<SessionView>> {
    const token = parseToken(client.cookies[refreshCookie] ?? '');
    const now = this.operators.time();
    const session = token && (await this.findOpen(token.session, now));
    if (!token || !session) throw signInAgain();
    if (!isSameHash(session.refreshHash, token.hash)) return this.endReused(session, now);
    const operator = await this.operators.find(session.operator);
    if (session.refreshExpiresAt <= now || operator?.state !== 'active') throw signInAgain();
    const { tokens, cookies } = this.newTokens(session._id, now, client);
    if (!(await this.repository.rotate(session._id, token.hash, tokens.stored))) return this.endReused(session, now);
    const renewed = { ...session, ...tokens.stored };
    return new WithCookies(viewOf(callerOf(operator, renewed), renewed), cookies);
  }

  /** Whether or not anybody is signed in: afterwards nobody is. */
  async end(client: Client): Promise<WithCookies<undefined>> {
    const token = parseToken(client.cookies[refreshCookie] ?? '');
    const session = token && (await this.repository.find(token.session));
    if (token && session && isSameHash(session.refreshHash, token.hash)) {
      await this.repository.end(session._id, this.operators.time());
    }
    return new WithCookies(undefined, forgottenCookies(this.isSecure(client)));
  }

  /** Who asks. */
  async view(caller: Caller): Promise<SessionView> {
    const { session } = caller;
    return viewOf(caller, session ? await this.repository.find(session.id) : null);
  }

  private async findOpen(id: string, now: Date): Promise<SessionDocument | null> {
    const session = await this.repository.find(id);
    return session !== null && session.endedAt === null && session.endsAt > now ? session : null;
  }

  private async endReused(session: SessionDocument, now: Date): Promise<never> {
    await this.repository.end(session._id, now);
    throw new GatewayError(
      'refresh-token-reused',
      'This session was refreshed with a token that had been used before, so somebody else may have it. The session has ended; sign in again.',
    );
  }

  private newTokens(id: string, now: Date, client: Client) {
    const access = newToken(id);
    const refresh = newToken(id);
    const after = (ms: number) => new Date(now.getTime() + ms);
    const stored = {
      accessHash: access.hash,
      accessExpiresAt: after(accessMs),
      refreshHash: refresh.hash,
      refreshExpiresAt: after(refreshMs),
    };
    return { tokens: { session: id, stored }, cookies: this.cookiesOf(access, refresh, client) };
  }

  private cookiesOf(access: SessionToken, refresh: SessionToken, client: Client): Cookie[] {
    const lifetimes = { accessSeconds: accessMs / 1000, refreshSeconds: refreshMs / 1000 };
    return sessionCookies({ access: access.text, refresh: refresh.text, ...lifetimes }, this.isSecure(client));
  }

  /** Only on plain HTTP, which the gateway itself speaks, a browser would not send secure cookies back. */
  private isSecure({ origin }: Client): boolean {
    return (this.config.ROLLCALL_PUBLIC_URL ?? origin).startsWith('https:');
  }
}

function callerOf({ _id, email, name, grants }: OperatorDocument, session: SessionDocument): Caller {
  const rights = rightsOfGrants(grants);
  const operator = { id: _id, email, name, grants };
  const csrfToken = csrfTokenOf(session._id);
  return {
    actor: actorOfOperator(_id),
    rights,
    scopes: scopesEverywhere(rights),
    operator,
    session: { id: session._id, csrfToken },
  };
}

function viewOf({ actor, scopes, operator, session: own }: Caller, session: SessionDocument | null): SessionView {
  return {
    actor,
    operator: operator ?? null,
    scopes: [...scopes],
    csrfToken: own?.csrfToken ?? null,
    expiresAt: session?.accessExpiresAt.toISOString() ?? null,
  };
}

const changedMeanwhile = (): GatewayError =>
  new GatewayError(
    'sign-in-refused',
    'While you signed in, your password was changed, or an administrator signed you out or disabled you. Nobody was signed in. Sign in again, with the new password if there is one.',
  );

const signInAgain = (): GatewayError =>
  new GatewayError('unauthenticated', 'Nobody is signed in in this browser any more. Sign in again.');
