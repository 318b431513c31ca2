import { randomBytes } from 'node:crypto';

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type ApiKeyDocument, recordOf } from '@rollcall/collections';
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
import { sha256 } from '../http/sha256.js';
import { OperatorsRepository } from '../operators/operators.repository.js';
import { KnownKeys } from '../rate-limits/known-keys.js';
import { type Right, rightsOfGrants, rightsOfKey, scopesEverywhere, within } from '../rights/rights.js';
import { apiKeyOf } from './api-keys.queries.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { actorOf, idOfActor, isOfUse, keyHolders } from './key-holders.js';
import { saysOperator } from './key-owner.js';
import { KeyOwners } from './key-owners.service.js';

/** Keys have 256 random bits: nobody guesses them, so a fast hash is enough. */
const keyBytes = 32;

const nameOfFirst = 'First key';

const minuteMs = 60_000;
/** How long a key is valid when nobody says. */
const usualLifetimeMs = 90 * 24 * 60 * minuteMs;

@Injectable()
export class ApiKeysService implements OnModuleInit {
  private readonly known = new KnownKeys();
  /** Hashes of keys that were configured and not made here: they may have any form. */
  private firstKeys: ReadonlySet<string> = new Set();

  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly operators: OperatorsRepository,
    private readonly owners: KeyOwners,
    private readonly sender: CommandSender,
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
    const hash = sha256(key);
    const document = await this.repository.findByHash(hash);
    if (document === null || !isOfUse(document, this.repository.time())) {
      this.known.noteWrong(hash);
      return null;
    }
    const rights = await this.rightsOf(document);
    if (rights === null) return null;
    this.known.noteRight(hash);
    await this.noteUse(document);
    return { actor: actorOf(document._id), rights, scopes: scopesEverywhere(rights) };
  }

  /**
   * What a key opens: never more than its owner may do, while they are an operator; null when they are disabled. Where the
   * owner of an older key may be several operators, it opens what all of them may do.
   */
  private async rightsOf({ scopes: own, limit, owner }: ApiKeyDocument): Promise<Right[] | null> {
    const rights = rightsOfKey(own, limit ?? null);
    if (owner === undefined) return rights;
    const owners = await this.owners.operatorsOf(owner);
    const isClosed = owners.some(({ state }) => state !== 'active') || (owners.length === 0 && saysOperator(owner));
    return isClosed ? null : owners.reduce((left, { grants }) => within(left, rightsOfGrants(grants)), rights);
  }

  /** Once a minute at most: a key that is used a thousand times a second must not cost a thousand writes. */
  private async noteUse({ _id, lastUsedAt }: ApiKeyDocument): Promise<void> {
    const now = this.repository.time();
    if (now.getTime() - (lastUsedAt?.getTime() ?? 0) >= minuteMs) await this.repository.noteUse(_id, now);
  }

  /** False for a text that is no key, or that was no valid key a moment ago. */
  mayBeRight(key: string): boolean {
    const hash = sha256(key);
    return (isApiKeyText(key) || this.firstKeys.has(hash)) && !this.known.wasWrong(hash);
  }

  /** Was the key valid when the database was asked last? Lets nobody in; says whose budget a request counts against. */
  wasRight(key: string): boolean {
    return this.known.wasRight(sha256(key));
  }

  async create(body: CreateApiKeyBody, call: CallContext): Promise<ApiKey & { key: string }> {
    const owner = await this.owners.resolve(body.owner?.trim() ?? (await this.ownerOf(call.caller)));
    const createdAt = this.repository.time();
    const usualEnd = new Date(createdAt.getTime() + usualLifetimeMs).toISOString();
    const expiresAt = body.expiresAt === undefined ? usualEnd : body.expiresAt;
    const key = formatApiKey(this.config.ROLLCALL_ENVIRONMENT, randomBytes(keyBytes).toString('hex'));
    const document = {
      _id: aggregateIdOf(this.sender.idOf(call.caller.actor, call.idempotencyKey)),
      name: body.name,
      owner,
      hash: sha256(key),
      scopes: [...new Set(body.scopes)],
      limit: body.limit,
      createdAt,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      revokedAt: null,
    };
    if (await this.repository.insert(document)) return { ...apiKeyOf(recordOf(document)), key };
    throw new GatewayError(
      'key-shown-once',
      `The first request with this Idempotency-Key made the API key ${document._id} and showed it; it cannot be shown again. If its answer was lost, revoke that key and make another one with a new Idempotency-Key.`,
    );
  }

  /** An operator owns what they make; whoever makes a key with a key is the owner of that one. */
  private async ownerOf({ actor, operator }: Caller): Promise<string> {
    if (operator) return actor;
    return (await this.repository.find(idOfActor(actor)))?.owner ?? actor;
  }

  /** All operators, and everybody else who has or had a key, with all keys of theirs: the caller first, then those who may approve. */
  async holders({ actor }: Caller): Promise<KeyHolder[]> {
    const [keys, operators] = await Promise.all([this.repository.all(), this.operators.all()]);
    return keyHolders({ keys, operators }, actor, this.repository.time());
  }

  async revoke(id: string): Promise<ApiKey> {
    return apiKeyOf(recordOf(found(await this.repository.revoke(id, this.repository.time()), `API key ${id}`)));
  }
}
