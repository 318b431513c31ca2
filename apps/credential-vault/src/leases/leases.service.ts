import { Inject, Injectable } from '@nestjs/common';
import { type CredentialDocument, Databases } from '@rollcall/collections';
import {
  accessTokenField,
  AppError,
  type InputOf,
  leaseLifeMs,
  type requestLease,
  type ResultOf,
  type SealedField,
} from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';
import { type OpenedLease, sealLease, type SecretString } from '@rollcall/secrets';
import { v7 as uuidv7 } from 'uuid';

import { HealthService } from '../health/health.service.js';
import { placeOf } from '../keys/field-place.js';
import { KeysService } from '../keys/keys.service.js';
import { MANIFESTS, type Manifests } from '../manifests.module.js';
import { TokensService } from '../tokens/tokens.service.js';
import { UseLogService } from '../use-log/use-log.service.js';
import { credentialNotFound, publicKeyUnusable, secretUnreadable } from './leases.errors.js';
import { LeasesRepository, type StoredCredential } from './leases.repository.js';

interface Material {
  readonly fields: Readonly<Record<string, SecretString>>;
  readonly tokenVersion: number | null;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Leases: the material of a credential, sealed to whoever asked, for a quarter of an hour (architecture 8). */
@Injectable()
export class LeasesService {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(LeasesRepository) private readonly leases: LeasesRepository,
    @Inject(KeysService) private readonly keys: KeysService,
    @Inject(TokensService) private readonly tokens: TokensService,
    @Inject(UseLogService) private readonly useLog: UseLogService,
    @Inject(HealthService) private readonly health: HealthService,
    @Inject(MANIFESTS) private readonly manifests: Manifests,
  ) {}

  async lease(input: InputOf<typeof requestLease>, context: CommandContext): Promise<ResultOf<typeof requestLease>> {
    const stored = await this.leases.findStored(input.credential);
    if (!stored) throw credentialNotFound(input.credential);
    await this.logUse(stored, input, context);
    const { _id, secretVersion, connector, type, baseUrl } = stored.credential;
    const { fields, tokenVersion, until } = await this.material(stored, input, context);
    const sealed = await seal(input.publicKey, context.id, {
      credential: _id,
      secretVersion,
      tokenVersion,
      connector,
      type,
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

  /** The fields themselves, or for OAuth the token that they are exchanged for: its client never leaves the vault. */
  private async material(
    stored: StoredCredential,
    input: InputOf<typeof requestLease>,
    context: CommandContext,
  ): Promise<Material> {
    const { credential } = stored;
    try {
      return await this.materialOf(stored, input);
    } catch (error) {
      const isToTell =
        error instanceof AppError && (error.code === 'token-refused' || error.code === 'secret-unreadable');
      if (isToTell) await this.mark(credential, error, context);
      throw error;
    }
  }

  private async materialOf(stored: StoredCredential, input: InputOf<typeof requestLease>): Promise<Material> {
    const until = this.databases.timeMs() + leaseLifeMs;
    const { credential } = stored;
    const scheme = this.manifests[credential.connector]?.authSchemes.find(({ type }) => type === credential.type);
    if (scheme?.token === undefined) return { fields: await this.decrypt(stored), tokenVersion: null, until };
    const { accessToken, tokenVersion, expiresAt } = await this.tokens.token({
      credential,
      scheme,
      request: scheme.token,
      refused: input.refused,
      fields: () => this.decrypt(stored),
    });
    const fields = { [accessTokenField]: accessToken };
    return { fields, tokenVersion, until: Math.min(until, expiresAt.getTime()) };
  }

  private async mark(
    { _id, secretVersion, baseUrl }: CredentialDocument,
    { code, message }: AppError,
    context: CommandContext,
  ): Promise<void> {
    // A record whose address is none cannot be published; then the refusal alone says so.
    if (!URL.canParse(baseUrl)) return;
    await this.health.mark({ credential: _id, secretVersion, refused: { code, message } }, context.id);
  }

  /** Before the secret is decrypted. A repetition after a crash decrypts again and is logged again (P25, I11). */
  private async logUse(
    { credential }: StoredCredential,
    input: InputOf<typeof requestLease>,
    context: CommandContext,
  ): Promise<void> {
    await this.useLog.record({
      _id: `${context.id}/${uuidv7()}`,
      at: this.databases.time(),
      credential: credential._id,
      secretVersion: credential.secretVersion,
      sender: context.sender,
      purpose: input.purpose,
      host: hostOf(credential.baseUrl),
    });
  }

  /**
   * Version, address and the rest of the metadata go into every decryption: neither an older ciphertext put back alone
   * opens, nor one whose credential was given another address in the database (P21, P22).
   */
  private async decrypt(read: StoredCredential): Promise<Record<string, SecretString>> {
    try {
      return await this.decryptStored(read);
    } catch (error) {
      if (!isOfUnknownKey(error)) throw error;
      // Since it was read, it was encrypted again and the data key of then deleted. Whatever is stored now is judged.
      const { _id, secretVersion } = read.credential;
      const now = await this.leases.findStored(_id);
      if (now?.credential.secretVersion !== secretVersion) throw error;
      return this.decryptStored({ credential: read.credential, ciphertexts: now.ciphertexts });
    }
  }

  private async decryptStored({ credential, ciphertexts }: StoredCredential): Promise<Record<string, SecretString>> {
    const fields: Record<string, SecretString> = {};
    for (const field of credential.secretFields) {
      const stored = ciphertexts.find((candidate) => candidate.field === field);
      const place = placeOf(credential._id, credential, field, credential.secretVersion);
      try {
        fields[field] = await this.keys.decrypt(place, stored?.ciphertext ?? '');
      } catch (error) {
        if (!(error instanceof AppError) || error.retriable) throw error;
        throw secretUnreadable(credential, stored?.origin ?? place.origin, error);
      }
    }
    return fields;
  }
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
