import { createHash, randomBytes } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import type { AuthorizationDocument } from '@rollcall/collections';
import {
  AppError,
  type AuthScheme,
  type beginAuthorization,
  credentialChanged,
  type CredentialRecord,
  type endAuthorization,
  type InputOf,
  refreshTokenField,
  type ResultOf,
  type TokenRequest,
} from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { type FieldPlace, SecretString, unwrapSecret } from '@rollcall/secrets';
import { CONFIG, LOGGER } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import type { VaultConfig } from '../config.js';
import { authSchemeOf, manifestOf } from '../credentials/auth-scheme.js';
import { credentialNotFound } from '../credentials/credentials.errors.js';
import { SecretIntake } from '../credentials/secret-intake.js';
import { placeOf } from '../keys/field-place.js';
import { KeysService } from '../keys/keys.service.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import type { GivenToken } from '../tokens/token-answer.js';
import { TokenEndpoint } from '../tokens/token-endpoint.js';
import { authorizationUrlOf, scopeOf, tokenCall, tokenFields, tokenUrlOf } from '../tokens/token-request.js';
import { TokenError } from '../tokens/tokens.errors.js';
import { TokensService } from '../tokens/tokens.service.js';
import { UseLogService } from '../use-log/use-log.service.js';
import { usedValues } from '../use-log/used-values.js';
import {
  addressRefused,
  authorizationRefused,
  authorizationUnknown,
  fieldsUnreadable,
  noAuthorizationCode,
  vendorAway,
} from './authorizations.errors.js';
import { AuthorizationsRepository } from './authorizations.repository.js';

/** How long somebody may take to sign in at the vendor and to consent. */
const patienceMs = 10 * 60_000;
const verifierField = 'codeVerifier';

interface Client {
  readonly scheme: AuthScheme;
  readonly request: TokenRequest;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/**
 * Sign-in at a vendor by authorization code with PKCE (RFC 6749 4.1, RFC 7636): the vault makes the address at which
 * somebody consents, and exchanges the code that comes back. Code, verifier and tokens are seen by nobody else.
 */
@Injectable()
export class AuthorizationsService {
  constructor(
    @Inject(CONFIG) private readonly config: VaultConfig,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
    private readonly repository: AuthorizationsRepository,
    private readonly intake: SecretIntake,
    private readonly keys: KeysService,
    private readonly endpoint: TokenEndpoint,
    private readonly tokens: TokensService,
    private readonly useLog: UseLogService,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async begin(
    { id, redirectUri }: InputOf<typeof beginAuthorization>,
    context: CommandContext,
  ): Promise<ResultOf<typeof beginAuthorization>> {
    const credential = await this.repository.findCredential(id, context.session);
    if (!credential) throw credentialNotFound(id);
    const { request, fields } = await this.clientOf(credential);
    if (request.authorizationUrlInput === undefined) throw noAuthorizationCode(credential.name);
    const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    const url = judged(() => authorizationUrlOf(request, fields, this.config.ALLOW_LOOPBACK));
    const query = {
      response_type: 'code',
      client_id: fields['clientId'] ?? '',
      redirect_uri: redirectUri,
      scope: scopeOf(request, fields),
      state,
      code_challenge: sha256(verifier).toString('base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value);
    const removeAt = new Date(this.repository.time().getTime() + patienceMs);
    const { secretVersion } = credential;
    const place = placeOf(id, credential, verifierField, secretVersion);
    const encrypted = await this.keys.encrypt(place, new SecretString(verifier));
    await this.repository.insert(context.session, {
      _id: sha256(state).toString('hex'),
      credential: id,
      secretVersion,
      redirectUri,
      by: context.actor,
      dataKey: encrypted.dataKey,
      verifier: encrypted.ciphertext,
      endedBy: null,
      removeAt,
    });
    return { url: url.href, expiresAt: removeAt.toISOString() };
  }

  /** Asks the vendor outside of any transaction, and stores what it gave in one. */
  async end(
    { state, code, refusal }: InputOf<typeof endAuthorization>,
    context: CommandContext,
  ): Promise<ResultOf<typeof endAuthorization>> {
    const begun = await this.repository.end(state, context.id);
    if (!begun) return { credential: await this.endedBefore(state, context) };
    const credential = await this.repository.findCredential(begun.credential);
    if (credential?.secretVersion !== begun.secretVersion) throw authorizationUnknown();
    if (code === null) throw authorizationRefused(refusal ?? 'it gave no reason');
    const secret = await this.intake.open(context.id, { code }, null);
    await this.logUse(credential, context);
    const token = await this.exchange(begun, credential, unwrapSecret(secret.get('code')!));
    const changed = await this.store(begun, token, context);
    return { credential: changed };
  }

  /** A command may come twice. The vendor is never asked twice: it takes a repeated code for a stolen one. */
  private async endedBefore(state: string, { id }: CommandContext): Promise<CredentialRecord> {
    const known = await this.repository.find(state);
    const isDone = known?.endedBy === id && known.doneAt !== undefined;
    const credential = isDone ? await this.repository.findCredential(known.credential) : null;
    if (credential === null) throw authorizationUnknown();
    return credential;
  }

  /** The code is exchanged with the secret of the client, so that is on record before it is decrypted and sent. */
  private async logUse(credential: CredentialRecord, { id: command, sender }: CommandContext): Promise<void> {
    const { id, secretVersion, baseUrl } = credential;
    await this.useLog.record({
      _id: `${command}/${uuidv7()}`,
      at: this.repository.time(),
      credential: id,
      secretVersion,
      sender,
      purpose: { kind: 'consent', reference: command },
      host: URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl,
      values: usedValues(credential, await this.repository.ciphertextsOf(id)),
    });
  }

  private async exchange(
    begun: AuthorizationDocument,
    credential: CredentialRecord,
    code: string,
  ): Promise<GivenToken> {
    const { scheme, request, fields } = await this.clientOf(credential);
    const place = placeOf(credential.id, credential, verifierField, begun.secretVersion);
    const verifier = unwrapSecret(await this.verifierOf(place, begun));
    const url = judged(() => tokenUrlOf(request, fields, this.config.ALLOW_LOOPBACK));
    const secrets = scheme.inputs.flatMap(({ name, secret }) => (secret ? (fields[name] ?? []) : []));
    const call = tokenCall(request, fields, url, { code, verifier, redirectUri: begun.redirectUri });
    const answer = await this.endpoint.ask(call, [...secrets, code, verifier]);
    if (answer.kind === 'token') return answer.token;
    throw answer.kind === 'refused' ? authorizationRefused(answer.words) : vendorAway(answer.words);
  }

  /** Whose key was replaced and deleted meanwhile cannot be compared any more. */
  private async verifierOf(place: FieldPlace, { verifier }: AuthorizationDocument): Promise<SecretString> {
    try {
      return await this.keys.decrypt(place, verifier);
    } catch (error) {
      if (error instanceof AppError && !error.retriable) throw authorizationUnknown();
      throw error;
    }
  }

  /**
   * A consent is another way to sign in, perhaps as somebody else: another version of the secret, so that what is read with
   * it is judged as after every change.
   */
  private async store(
    begun: AuthorizationDocument,
    { accessToken, lifeSeconds, refreshToken }: GivenToken,
    context: CommandContext,
  ): Promise<CredentialRecord> {
    const changed = await this.repository.inTransaction(async (session) => {
      const stored = await this.repository.findCredential(begun.credential, session);
      if (stored?.secretVersion !== begun.secretVersion) throw authorizationUnknown();
      const fields = new Map(await this.fieldsOf(stored));
      fields.delete(refreshTokenField);
      if (refreshToken !== null) fields.set(refreshTokenField, new SecretString(refreshToken));
      const record: CredentialRecord = {
        ...stored,
        version: stored.version + 1,
        secretFields: [...fields.keys()],
        secretVersion: stored.secretVersion + 1,
        previous: null,
        attention: null,
        updatedAt: this.repository.time().toISOString(),
      };
      await this.repository.store(session, record, await this.intake.encrypt(record, fields), begun);
      await this.outbox.event(session, credentialChanged, {
        id: `a/${context.id}`,
        key: record.id,
        subject: record.id,
        time: record.updatedAt,
        data: { credential: record, change: 'updated' },
      });
      return record;
    });
    await this.keep(changed, new SecretString(accessToken), lifeSeconds);
    return changed;
  }

  /** A token that cannot be kept is fetched by whoever needs one: the credential is complete in any case. */
  private async keep(credential: CredentialRecord, token: SecretString, lifeSeconds: number): Promise<void> {
    try {
      await this.tokens.keep(credential, token, lifeSeconds);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.logger.warn(`the first access token was not kept: ${error.message}`, { credential: credential.id });
    }
  }

  /** @throws AuthorizationError unreadable-secret: with a part of its fields it would sign in as somebody else, or nobody */
  private async fieldsOf(credential: CredentialRecord): Promise<Map<string, SecretString>> {
    const fields = await this.intake.reveal(credential, await this.repository.ciphertextsOf(credential.id));
    const unreadable = credential.secretFields.filter((name) => !fields.has(name));
    if (unreadable.length > 0) throw fieldsUnreadable(unreadable);
    return fields;
  }

  private async clientOf(credential: CredentialRecord): Promise<Client> {
    const scheme = authSchemeOf(manifestOf(this.manifests, credential.connector), credential);
    if (scheme.token === undefined) throw noAuthorizationCode(credential.name);
    const fields = Object.fromEntries(await this.fieldsOf(credential));
    return { scheme, request: scheme.token, fields: tokenFields(scheme, fields) };
  }
}

/** Addresses were judged when they were entered; by now another version may judge them otherwise. */
function judged<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof TokenError ? addressRefused(error.message) : error;
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
