import { createHash, randomBytes } from 'node:crypto';

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { recordOf } from '@rollcall/collections';
import { type ApiKey, type CreateApiKeyBody, formatApiKey, type KeyHolder, scopes } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';

import { aggregateIdOf } from '../commands/aggregate-id.js';
import type { GatewayConfig } from '../config.js';
import { found, GatewayError } from '../gateway.errors.js';
import type { CallContext, Caller } from '../http/operation.js';
import { apiKeyOf } from './api-keys.queries.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { actorOf, idOfActor, keyHolders } from './key-holders.js';

/** Keys have 256 random bits: nobody guesses them, so a fast hash is enough. */
const keyBytes = 32;

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

@Injectable()
export class ApiKeysService implements OnModuleInit {
  constructor(
    @Inject(ApiKeysRepository) private readonly repository: ApiKeysRepository,
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Stores the first key if the configuration names one (G3). A key that was revoked stays so. */
  async onModuleInit(): Promise<void> {
    const hash = this.config.ROLLCALL_BOOTSTRAP_API_KEY_HASH;
    if (hash === undefined) return;
    const id = aggregateIdOf(`first key ${hash}`);
    const dates = { createdAt: new Date(), expiresAt: null, revokedAt: null };
    await this.repository.insert({ _id: id, name: 'First key', hash, scopes: [...scopes], ...dates });
  }

  /** Who is behind a key; null when there is no such key, or it expired, or was revoked. Asked on every request (P29). */
  async callerOf(key: string): Promise<Caller | null> {
    const document = await this.repository.findByHash(hashOfKey(key));
    if (document === null || document.revokedAt !== null) return null;
    if (document.expiresAt !== null && document.expiresAt.getTime() <= Date.now()) return null;
    return { actor: actorOf(document._id), scopes: document.scopes };
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
      createdAt: new Date(),
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
    return keyHolders(await this.repository.all(), actor, new Date());
  }

  async revoke(id: string): Promise<ApiKey> {
    return apiKeyOf(recordOf(found(await this.repository.revoke(id, new Date()), `API key ${id}`)));
  }
}
