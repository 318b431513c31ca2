import { Inject, Injectable } from '@nestjs/common';
import { type CiphertextDocument, Databases } from '@rollcall/collections';
import {
  accessTokenField,
  AppError,
  authSchemeAmong,
  type InputOf,
  leaseLifeMs,
  type requestLease,
  type ResultOf,
  type SealedField,
} from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';
import {
  markPlainFields,
  type OpenedLease,
  sealLease,
  SecretsError,
  type SecretString,
  ValueDigests,
} from '@rollcall/secrets';
import { v7 as uuidv7 } from 'uuid';

import { HealthService } from '../health/health.service.js';
import { placeOf } from '../keys/field-place.js';
import { KeysService } from '../keys/keys.service.js';
import { type OneSecret, secretVersionOf, secretVersionsOf } from '../keys/secret-versions.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import { TokensService } from '../tokens/tokens.service.js';
import { UseLogService } from '../use-log/use-log.service.js';
import { usedValues } from '../use-log/used-values.js';
import {
  bothSecretsRefused,
  credentialNotFound,
  newSecretRefused,
  publicKeyUnusable,
  secretUnreadable,
} from './leases.errors.js';
import { LeasesRepository, type StoredCredential } from './leases.repository.js';

interface Material {
  readonly fields: Readonly<Record<string, SecretString>>;
  readonly tokenVersion: number | null;
  /** Epoch milliseconds. */
  readonly until: number;
}

interface Given {
  readonly secret: OneSecret;
  readonly material: Material;
}

type LeaseInput = InputOf<typeof requestLease>;

/** Refusals that say something about the credential, so that whoever looks after it is told. */
const tellingCodes: ReadonlySet<string> = new Set(['token-refused', 'secret-unreadable']);

/** Leases: the material of a credential, sealed to whoever asked, for a quarter of an hour (architecture 8). */
@Injectable()
export class LeasesService {
  constructor(
    private readonly databases: Databases,
    private readonly leases: LeasesRepository,
    private readonly keys: KeysService,
    private readonly tokens: TokensService,
    private readonly useLog: UseLogService,
    private readonly digests: ValueDigests,
    private readonly health: HealthService,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
  ) {}

  async lease(input: LeaseInput, context: CommandContext): Promise<ResultOf<typeof requestLease>> {
    const stored = await this.find(input);
    const { secret, material } = await this.firstGiven(stored, input, context);
    const { _id, secretVersion, connector, type, advanced = false, baseUrl } = secret;
    const { fields, tokenVersion, until } = material;
    const sealed = await seal(input.publicKey, context.id, {
      credential: _id,
      secretVersion,
      tokenVersion,
      connector,
      type,
      advanced,
      baseUrl,
      fields,
    });
    return {
      credential: _id,
      secretVersion,
      tokenVersion,
      sealed,
      expiresAt: new Date(until).toISOString(),
      lifeMs: Math.max(0, until - this.databases.timeMs()),
    };
  }

  /** A draft is there to be tried, and for nothing else. */
  private async find({ credential, purpose }: LeaseInput): Promise<StoredCredential> {
    const stored =
      (await this.leases.findStored(credential)) ??
      (purpose.kind === 'check' ? await this.leases.findDraft(credential) : null);
    if (!stored) throw credentialNotFound(credential);
    return stored;
  }

  /**
   * The present secret; that of before while the vendor does not accept the present one. Each is logged before it is
   * decrypted.
   */
  private async firstGiven(stored: StoredCredential, input: LeaseInput, context: CommandContext): Promise<Given> {
    const [present, previous] = secretVersionsOf(stored.credential);
    const spare = input.purpose.kind === 'check' ? undefined : previous;
    if (spare && (await this.isRefused(stored, spare, input, context))) {
      try {
        return await this.give(stored, spare, input, context);
      } catch (error) {
        // Then neither is known to work, and the present one is what somebody wants to be used.
        await this.markRefused(spare, error, context);
        return this.give(stored, present!, input, context);
      }
    }
    try {
      return await this.give(stored, present!, input, context);
    } catch (error) {
      if (stored.removeAt !== null) throw error;
      await this.markRefused(present!, error, context);
      if (!spare || !isTokenRefused(error)) throw error;
      return this.give(stored, spare, input, context);
    }
  }

  /** @throws the error, when it says nothing about the credential */
  private async markRefused(secret: OneSecret, error: unknown, context: CommandContext): Promise<void> {
    if (!(error instanceof AppError && tellingCodes.has(error.code))) throw error;
    await this.mark(secret, error, context);
  }

  /**
   * Whether the vendor refused the present secret, before or to whoever asks now, and not the one of before. A refused
   * token says nothing of the secret that it was got with.
   */
  private async isRefused(
    { credential }: StoredCredential,
    spare: OneSecret,
    { refused }: LeaseInput,
    context: CommandContext,
  ): Promise<boolean> {
    const version = refused?.tokenVersion === null ? refused.secretVersion : null;
    if (version === credential.secretVersion) await this.mark(credential, newSecretRefused, context);
    if (version === spare.secretVersion) await this.mark(spare, bothSecretsRefused, context);
    return version !== spare.secretVersion && (version !== null || credential.attention !== null);
  }

  private async give(
    stored: StoredCredential,
    secret: OneSecret,
    input: LeaseInput,
    context: CommandContext,
  ): Promise<Given> {
    await this.logUse(stored, secret, input, context);
    return { secret, material: await this.materialOf(stored, secret, input) };
  }

  /** The fields themselves, or for OAuth the token that they are exchanged for: its client never leaves the vault. */
  private async materialOf(stored: StoredCredential, secret: OneSecret, input: LeaseInput): Promise<Material> {
    const until = this.databases.timeMs() + leaseLifeMs;
    const scheme = authSchemeAmong(this.manifests, secret);
    if (scheme?.token === undefined) return { fields: await this.decrypt(stored, secret), tokenVersion: null, until };
    const { accessToken, tokenVersion, expiresAt } = await this.tokens.token({
      credential: secret,
      scheme,
      request: scheme.token,
      refused: input.refused,
      removeAt: stored.removeAt ?? undefined,
      fields: () => this.decrypt(stored, secret),
    });
    const further =
      scheme.headersInput === undefined ? {} : await this.furtherFields(stored, secret, scheme.headersInput);
    const fields = { ...further, [accessTokenField]: accessToken };
    return { fields, tokenVersion, until: Math.min(until, expiresAt.getTime()) };
  }

  /** What travels beside the token. */
  private async furtherFields(
    stored: StoredCredential,
    secret: OneSecret,
    name: string,
  ): Promise<Record<string, SecretString>> {
    if (!secret.secretFields.includes(name)) return {};
    return this.decrypt(stored, { ...secret, secretFields: [name] });
  }

  private async mark(
    { _id, secretVersion, baseUrl }: OneSecret,
    { code, message }: Pick<AppError, 'code' | 'message'>,
    context: CommandContext,
  ): Promise<void> {
    // A record whose address is none cannot be published; then the refusal alone says so.
    if (!URL.canParse(baseUrl)) return;
    await this.health.mark({ credential: _id, secretVersion, refused: { code, message } }, context.id);
  }

  /** Before the secret is decrypted. A repetition after a crash decrypts again and is logged again (P25, I11). */
  private async logUse(
    { ciphertexts }: StoredCredential,
    secret: OneSecret,
    input: LeaseInput,
    context: CommandContext,
  ): Promise<void> {
    const { _id, secretVersion, baseUrl } = secret;
    await this.useLog.record({
      _id: `${context.id}/${uuidv7()}`,
      at: this.databases.time(),
      credential: _id,
      secretVersion,
      sender: context.sender,
      purpose: input.purpose,
      host: hostOf(baseUrl),
      values: usedValues(secret, ciphertexts),
    });
  }

  /**
   * Version, address and the rest of the metadata go into every decryption: neither an older ciphertext put back alone
   * opens, nor one whose credential was given another address in the database (P21, P22).
   */
  private async decrypt(read: StoredCredential, secret: OneSecret): Promise<Record<string, SecretString>> {
    try {
      return await this.decryptStored(read, secret);
    } catch (error) {
      if (!isOfUnknownKey(error)) throw error;
      // Since it was read, it was encrypted again and the data key of then deleted. Whatever is stored now is judged.
      const now = await this.leases.findStored(secret._id);
      if (!now || !secretVersionOf(now.credential, secret.secretVersion)) throw error;
      return this.decryptStored(now, secret);
    }
  }

  /** The use was recorded with the digest that stands beside the ciphertext, so that must be the one of this value. */
  private mustBeOnRecord(value: SecretString, stored: CiphertextDocument | undefined): void {
    const noted = stored?.valueDigest;
    if (noted === undefined || !noted.startsWith(this.digests.prefix) || noted === this.digests.digest(value)) return;
    throw new SecretsError('secret-unreadable', `The digest of ${stored!.field} in the database is of another value.`);
  }

  private async decryptStored(
    { ciphertexts }: Pick<StoredCredential, 'ciphertexts'>,
    credential: OneSecret,
  ): Promise<Record<string, SecretString>> {
    const { secretVersion } = credential;
    const fields: Record<string, SecretString> = {};
    for (const field of credential.secretFields) {
      const stored = ciphertexts.find((one) => one.field === field && one.secretVersion === secretVersion);
      const place = placeOf(credential._id, credential, field, secretVersion);
      try {
        fields[field] = await this.keys.decrypt(place, stored?.ciphertext ?? '');
        this.mustBeOnRecord(fields[field], stored);
      } catch (error) {
        if (!(error instanceof AppError) || error.retriable) throw error;
        throw secretUnreadable(credential, stored?.origin ?? place.origin, error);
      }
    }
    markPlainFields(Object.entries(fields), authSchemeAmong(this.manifests, credential)?.inputs);
    return fields;
  }
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof AppError && error.code === 'token-refused';
}

function isOfUnknownKey(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof AppError && error.cause.code === 'unknown-data-key';
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

async function seal(publicKey: string, commandId: string, material: OpenedLease): Promise<SealedField> {
  try {
    return await sealLease({ publicKey, commandId, material });
  } catch (error) {
    if (error instanceof AppError) throw publicKeyUnusable(error);
    throw error;
  }
}
