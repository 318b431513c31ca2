import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import type { TokenDocument } from '@rollcall/collections';
import {
  AppError,
  type AuthScheme,
  type CredentialRecord,
  refreshTokenField,
  type TokenRequest,
} from '@rollcall/contracts';
import { SecretString, ValueDigests } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import type { VaultConfig } from '../config.js';
import { ciphertextId, placeOf, tokenField } from '../keys/field-place.js';
import { KeysService } from '../keys/keys.service.js';
import type { OneSecret } from '../keys/secret-versions.js';
import type { TokenAnswer } from './token-answer.js';
import { TokenEndpoint } from './token-endpoint.js';
import { type Fields, lacksConsent, tokenCall, tokenFields, tokenUrlOf } from './token-request.js';
import { consentMissing, TokenError, tokenRefused, tokenUnavailable } from './tokens.errors.js';
import { type NewRefreshToken, TokensRepository } from './tokens.repository.js';

/** Which token a vendor refused, as the holder of a lease tells it (G4). */
export interface RefusedToken {
  readonly secretVersion: number;
  readonly tokenVersion: number | null;
}

export interface TokenWish {
  readonly credential: OneSecret;
  readonly scheme: AuthScheme;
  readonly request: TokenRequest;
  /** Opens the secret fields; asked only when a token must really be fetched. */
  readonly fields: () => Promise<Readonly<Record<string, SecretString>>>;
  readonly refused: RefusedToken | null;
  /** When everything of it is removed; absent for what stays until somebody deletes it. */
  readonly removeAt?: Date | undefined;
}

export interface LeasedToken {
  readonly accessToken: SecretString;
  readonly tokenVersion: number;
  readonly expiresAt: Date;
}

/** Two requests with one secret are never closer (V20). */
const pauseMs = 10_000;
/** A token is given out while so much of its life is left, or half of it for tokens that live shorter. */
const marginMs = 5 * 60_000;
/** Longest that a lease request waits for a token that somebody else fetches. */
const patienceMs = 60_000;
const lookEveryMs = 100;

/**
 * Access tokens of OAuth credentials: fetched under a lock that all replicas share, cached encrypted, renewed before
 * they end, and fetched anew when the newest one was refused. A hundred holders cause one request (V18, G4).
 */
@Injectable()
export class TokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly endpoint: TokenEndpoint,
    private readonly keys: KeysService,
    private readonly digests: ValueDigests,
    @Inject(CONFIG) private readonly config: VaultConfig,
  ) {}

  /** @throws TokenError with the vendor's words, scrubbed of the secrets that it was sent */
  async token(wish: TokenWish): Promise<LeasedToken> {
    const id = wish.credential._id;
    const until = performance.now() + patienceMs;
    await this.tokens.ensure(id, wish.removeAt);
    for (;;) {
      const stored = (await this.tokens.find(id))!;
      const now = this.tokens.time();
      if (isServing(stored, wish, now)) {
        const token = await this.openUnlessKeyless(stored, wish);
        if (token) return token;
        continue;
      }
      const isAsked = stored.lock !== null && stored.lock.until > now;
      if (!isAsked && isTooSoon(stored, wish, now)) {
        // A failure a moment ago is the answer for everybody; a token just given is all there is (V19).
        if (stored.failure !== null) throw new TokenError(stored.failure.code, stored.failure.message);
        if (isAlive(stored, wish, now)) return this.open(stored, wish);
      } else if (!isAsked && (await this.fetch(stored, wish, now))) continue;
      endPatience(until, wish.credential.name);
      await sleep(lookEveryMs);
    }
  }

  /** A token that somebody's consent brought: the newest of all. */
  async keep(credential: CredentialRecord, accessToken: SecretString, lifeSeconds: number): Promise<void> {
    const { id, secretVersion } = credential;
    await this.tokens.ensure(id);
    for (const until = performance.now() + patienceMs; ;) {
      const [stored, now, holder] = [(await this.tokens.find(id))!, this.tokens.time(), uuidv7()];
      if ((await this.tokens.lock(stored, holder, now)) !== null) {
        const encrypted = await this.keys.encrypt(
          placeOf(id, credential, tokenField, stored.tokenVersion + 1),
          accessToken,
        );
        const expiresAt = new Date(now.getTime() + lifeSeconds * 1000);
        await this.tokens.noteAsking(id, holder, secretVersion, now);
        return this.tokens.store(id, holder, secretVersion, { ...encrypted, expiresAt });
      }
      endPatience(until, credential.name);
      await sleep(lookEveryMs);
    }
  }

  async forget(credential: string): Promise<void> {
    await this.tokens.remove(credential);
  }

  /** False: somebody else was faster. */
  private async fetch(stored: TokenDocument, wish: TokenWish, now: Date): Promise<boolean> {
    const holder = uuidv7();
    const { _id: id, name, secretVersion } = wish.credential;
    // Before the lock: fields that cannot be read would leave it standing for everybody else.
    const fields = tokenFields(wish.scheme, await wish.fields());
    if ((await this.tokens.lock(stored, holder, now)) === null) return false;
    await this.tokens.noteAsking(id, holder, secretVersion, this.tokens.time());
    const askedAt = this.tokens.time().getTime();
    const answer = await this.ask(wish, fields);
    if (answer.kind !== 'token') {
      const { code, message } = (answer.kind === 'refused' ? tokenRefused : tokenUnavailable)(name, answer.words);
      await this.tokens.store(id, holder, secretVersion, { failure: { code, message } });
      return true;
    }
    const { accessToken, lifeSeconds, refreshToken } = answer.token;
    const place = placeOf(id, wish.credential, tokenField, stored.tokenVersion + 1);
    const encrypted = await this.keys.encrypt(place, new SecretString(accessToken));
    const result = { ...encrypted, expiresAt: new Date(askedAt + lifeSeconds * 1000) };
    await this.tokens.store(id, holder, secretVersion, result, await this.refreshed(wish, refreshToken));
    return true;
  }

  /** A new refresh token in place of the old one, in every version of the secret: the old one ends with it. */
  private async refreshed(
    { credential, request }: TokenWish,
    refreshToken: string | null,
  ): Promise<readonly NewRefreshToken[]> {
    if (request.authorizationUrlInput === undefined || refreshToken === null) return [];
    const { _id: id } = credential;
    const versions = await this.tokens.refreshVersions(id);
    return Promise.all(
      versions.map(async (version) => {
        const place = placeOf(id, credential, refreshTokenField, version);
        const value = new SecretString(refreshToken);
        const valueDigest = this.digests.digest(value);
        const _id = ciphertextId(id, version, refreshTokenField);
        return { _id, valueDigest, ...(await this.keys.encrypt(place, value)) };
      }),
    );
  }

  private async ask({ scheme, request }: TokenWish, fields: Fields): Promise<TokenAnswer> {
    if (lacksConsent(request, fields)) return { kind: 'refused', words: consentMissing };
    try {
      const url = tokenUrlOf(request, fields, this.config.ALLOW_LOOPBACK);
      return await this.endpoint.ask(tokenCall(request, fields, url), secretValues(scheme, fields));
    } catch (error) {
      if (error instanceof TokenError) return { kind: 'refused', words: error.message };
      throw error;
    }
  }

  /**
   * Null when its data key is gone: the token was encrypted again since it was read, or stored by a process that was paused
   * while its data key was replaced. Either way there will be another one.
   */
  private async openUnlessKeyless(stored: TokenDocument, wish: TokenWish): Promise<LeasedToken | null> {
    try {
      return await this.open(stored, wish);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unknown-data-key') throw error;
      await this.tokens.drop(stored);
      return null;
    }
  }

  /**
   * A token that does not open belongs to another address than the credential has now. Then neither do the fields that it
   * was got with, and their error names the cure.
   */
  private async open(
    { _id, tokenVersion, ciphertext, expiresAt }: TokenDocument,
    { credential, fields }: TokenWish,
  ): Promise<LeasedToken> {
    const place = placeOf(_id, credential, tokenField, tokenVersion);
    try {
      return { accessToken: await this.keys.decrypt(place, ciphertext ?? ''), tokenVersion, expiresAt };
    } catch (error) {
      await fields();
      throw error;
    }
  }
}

/** @throws TokenError when it is past `until` */
function endPatience(until: number, name: string): void {
  if (performance.now() > until) throw tokenUnavailable(name, 'another request for it does not end');
}

function secretValues({ inputs }: AuthScheme, fields: Fields): string[] {
  return inputs.flatMap(({ name, secret }) => (secret ? (fields[name] ?? []) : []));
}

/** The token belongs to the present secret and has not ended. */
function isAlive(
  { ciphertext, secretVersion, expiresAt }: TokenDocument,
  { credential }: TokenWish,
  now: Date,
): boolean {
  return ciphertext !== null && secretVersion === credential.secretVersion && expiresAt > now;
}

/** Alive, with enough of its life left, and not the one that the vendor refused. */
function isServing(stored: TokenDocument, wish: TokenWish, now: Date): boolean {
  if (!isAlive(stored, wish, now) || isRefused(stored, wish.refused)) return false;
  const life = stored.expiresAt.getTime() - stored.askedAt.getTime();
  return stored.expiresAt.getTime() - now.getTime() > Math.min(marginMs, life / 2);
}

function isRefused({ tokenVersion, secretVersion }: TokenDocument, refused: RefusedToken | null): boolean {
  return refused !== null && refused.secretVersion === secretVersion && (refused.tokenVersion ?? 0) >= tokenVersion;
}

/** Asked with this very secret a moment ago. */
function isTooSoon({ askedAt, askedWith }: TokenDocument, { credential }: TokenWish, now: Date): boolean {
  return askedWith === credential.secretVersion && now.getTime() - askedAt.getTime() < pauseMs;
}
