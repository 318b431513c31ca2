import { createHash, randomBytes } from 'node:crypto';

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { recordOf } from '@rollcall/collections';
import {
  type ApiKey,
  type CreateApiKeyBody,
  formatApiKey,
  isApiKeyText,
  type KeyHolder,
  scopes,
} from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';

import { aggregateIdOf } from '../commands/aggregate-id.js';
import type { GatewayConfig } from '../config.js';
import { found, GatewayError } from '../gateway.errors.js';
import type { CallContext, Caller } from '../http/operation.js';
import { apiKeyOf } from './api-keys.queries.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { actorOf, idOfActor, isOfUse, keyHolders } from './key-holders.js';
import { KnownKeys } from './known-keys.js';

/** Keys have 256 random bits: nobody guesses them, so a fast hash is enough. */
const keyBytes = 32;

const nameOfFirst = 'First key';

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

@Injectable()
export class ApiKeysService implements OnModuleInit {
  private readonly known = new KnownKeys();
  /** Hashes of keys that were configured and not made here: they may have any form. */
  private firstKeys: ReadonlySet<string> = new Set();

  constructor(
    @Inject(ApiKeysRepository) private readonly repository: ApiKeysRepository,
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Stores the first key if the configuration names one (G3). A key that was revoked stays so. */
  async onModuleInit(): Promise<void> {
    const hash = this.config.ROLLCALL_BOOTSTRAP_API_KEY_HASH ?? this.config.ROLLCALL_BOOTSTRAP_API_KEY_HASH_FILE;
    if (hash !== undefined) await this.storeFirstKey(hash);
    this.firstKeys = new Set(await this.repository.hashesOf(nameOfFirst));
  }

  private async storeFirstKey(hash: string): Promise<void> {
    const id = aggregateIdOf(`first key ${hash}`);
    const dates = { createdAt: this.repository.time(), expiresAt: null, revokedAt: null };
    await this.repository.insert({ _id: id, name: nameOfFirst, hash, scopes: [...scopes], ...dates });
  }

  /**
   * Who is behind a key; null when there is no such key, or it expired, or was revoked. A key that may be right is asked
   * for on every request, so that a revoked one opens nothing any more (P29). Wrong keys cost no query: most by their
   * form, the others from the second time on. The time that takes tells whether a text has the form of a key, which
   * everybody can find out, and nothing about the keys that there are: they are looked up by their hash.
   */
  async callerOf(key: string): Promise<Caller | null> {
    if (!this.mayBeRight(key)) return null;
    const hash = hashOfKey(key);
    const document = await this.repository.findByHash(hash);
    if (document === null || !isOfUse(document, this.repository.time())) {
      this.known.noteWrong(hash);
      return null;
    }
    this.known.noteRight(hash);
    return { actor: actorOf(document._id), scopes: document.scopes };
  }

  /** False for a text that is no key, or that was no valid key a moment ago. */
  mayBeRight(key: string): boolean {
    const hash = hashOfKey(key);
    return (isApiKeyText(key) || this.firstKeys.has(hash)) && !this.known.wasWrong(hash);
  }

  /** Was the key valid when the database was asked last? Lets nobody in; says whose budget a request counts against. */
  wasRight(key: string): boolean {
    return this.known.wasRight(hashOfKey(key));
  }

  async create(body: CreateApiKeyBody, call: CallContext): Promise<ApiKey & { key: string }> {
    const id = idOfActor(call.caller.actor);
    const owner = body.owner?.trim() ?? (await this.repository.find(id))?.owner ?? call.caller.actor;
    const key = formatApiKey(this.config.ROLLCALL_ENVIRONMENT, randomBytes(keyBytes).toString('hex'));
    const document = {
      _id: aggregateIdOf(this.sender.idOf(call.caller.actor, call.idempotencyKey)),
      name: body.name,
      owner,
      hash: hashOfKey(key),
      scopes: [...new Set(body.scopes)],
      createdAt: this.repository.time(),
      expiresAt: body.expiresAt === null ? null : new Date(body.expiresAt),
      revokedAt: null,
    };
    if (await this.repository.insert(document)) return { ...apiKeyOf(recordOf(document)), key };
    throw new GatewayError(
      'key-shown-once',
      `The first request with this Idempotency-Key made the API key ${document._id} and showed it; it cannot be shown again. If its answer was lost, revoke that key and make another one with a new Idempotency-Key.`,
    );
  }

  /** Everybody who has or had a key, with all keys of theirs: the caller first, then those who may approve. */
  async holders({ actor }: Caller): Promise<KeyHolder[]> {
    return keyHolders(await this.repository.all(), actor, this.repository.time());
  }

  async revoke(id: string): Promise<ApiKey> {
    return apiKeyOf(recordOf(found(await this.repository.revoke(id, this.repository.time()), `API key ${id}`)));
  }
}
