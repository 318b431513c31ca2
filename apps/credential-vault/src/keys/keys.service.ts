import { setTimeout as sleep } from 'node:timers/promises';

import type { DataKeyDocument } from '@rollcall/collections';
import type { Leases } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import {
  type DataKey,
  dataKeyIdOf,
  dataKeyUseLimit,
  decryptEarlierField,
  decryptField,
  encryptField,
  type FieldPlace,
  generateDataKey,
  keyCheckValue,
  type KeyEncryptionKey,
  matchesKeyCheckValue,
  SecretsError,
  type SecretString,
  unwrapDataKey,
  wrapDataKey,
} from '@rollcall/secrets';

import { dataKeysBusy, dataKeysMissing, unknownDataKey, wrongKeyEncryptionKey } from './keys.errors.js';
import type { KeysRepository } from './keys.repository.js';

/** Encryptions reserved at once: a crash wastes at most so many of 2^31 (P26). */
const reservedBlock = 1024;

const firstKeyLease = 'first-data-key';
const leaseMs = 10_000;
const patienceMs = 30_000;

export interface KeysOptions {
  readonly repository: KeysRepository;
  readonly kek: KeyEncryptionKey;
  readonly leases: Leases;
  readonly logger: Logger;
}

export interface EncryptedField {
  readonly dataKey: string;
  readonly ciphertext: string;
}

/**
 * The data keys of the vault, unwrapped in memory. Ciphertexts and wrapped keys name the keys that they need, so
 * retired data keys go on decrypting and a key-encryption key can be replaced by wrapping the data keys anew.
 */
export class KeysService {
  private readonly opened = new Map<string, DataKey>();
  private block: { readonly key: DataKey; left: number } | null = null;
  private reserving: Promise<void> | null = null;

  private constructor(private readonly options: KeysOptions) {}

  /**
   * Creates the first data key of a new vault; otherwise checks that the key-encryption key fits every stored data key.
   * @throws KeysError if it does not, or if keys are missing: the service then refuses to start, nothing is written (P24)
   */
  static async open(options: KeysOptions): Promise<KeysService> {
    const service = new KeysService(options);
    let stored = await options.repository.findAll();
    if (stored.length === 0) stored = await service.createFirst();
    const foreign = stored.filter((key) => !matchesKeyCheckValue(options.kek, key.keyCheck)).length;
    if (foreign > 0) throw wrongKeyEncryptionKey(foreign, stored.length);
    for (const key of stored.filter(({ state }) => state === 'current')) service.openKey(key);
    return service;
  }

  async encrypt(place: FieldPlace, value: SecretString): Promise<EncryptedField> {
    const key = await this.takeUse();
    return { dataKey: key.id, ciphertext: encryptField(key, place, value) };
  }

  /** @throws SecretsError, KeysError when the text was altered, moved, or its data key is gone (P22) */
  async decrypt(place: FieldPlace, ciphertext: string): Promise<SecretString> {
    return decryptField(await this.keyFor(place, ciphertext), place, ciphertext);
  }

  /** Of a format before origins were part of it, to encrypt it anew. @throws SecretsError, KeysError */
  async decryptEarlier(place: FieldPlace, ciphertext: string): Promise<SecretString> {
    return decryptEarlierField(await this.keyFor(place, ciphertext), place, ciphertext);
  }

  private async keyFor(place: FieldPlace, ciphertext: string): Promise<DataKey> {
    const id = dataKeyIdOf(ciphertext);
    if (id !== null) return this.keyOf(id);
    const message = `The stored secret ${place.field} of credential ${place.credentialId} is not a ciphertext. Enter it again.`;
    throw new SecretsError('secret-unreadable', message, { ...place });
  }

  private async takeUse(): Promise<DataKey> {
    for (;;) {
      const { block } = this;
      if (block !== null && block.left > 0) {
        block.left -= 1;
        return block.key;
      }
      this.reserving ??= this.reserve().finally(() => {
        this.reserving = null;
      });
      await this.reserving;
    }
  }

  private async reserve(): Promise<void> {
    const { repository } = this.options;
    const reserved = await repository.reserve(reservedBlock, dataKeyUseLimit);
    if (reserved) this.block = { key: this.openKey(reserved), left: reservedBlock };
    else await this.rotate();
  }

  /** The current key is used up: the next one takes over, the old one goes on decrypting (P26). */
  private async rotate(): Promise<void> {
    const { repository, logger } = this.options;
    const current = (await repository.findAll()).find(({ state }) => state === 'current');
    if (!current) throw dataKeysMissing();
    const next = this.newDocument();
    if (await repository.replaceCurrent(current._id, next)) {
      logger.info('data key replaced: it reached its number of encryptions', {
        retired: current._id,
        current: next._id,
      });
    }
  }

  /**
   * A lease keeps replicas that start together from making one key each. Should it run out, two current keys are
   * harmless: both are stored and counted.
   */
  private async createFirst(): Promise<DataKeyDocument[]> {
    const { repository, leases, logger } = this.options;
    const until = performance.now() + patienceMs;
    while (!(await leases.take(firstKeyLease, leaseMs))) {
      if (performance.now() > until) throw dataKeysBusy();
      await sleep(200);
    }
    try {
      const stored = await repository.findAll();
      if (stored.length > 0) return stored;
      if (await repository.hasCiphertexts()) throw dataKeysMissing();
      const first = this.newDocument();
      await repository.insert(first);
      logger.info('first data key created', { dataKey: first._id });
      return [first];
    } finally {
      await leases.release(firstKeyLease);
    }
  }

  private newDocument(): DataKeyDocument {
    const { kek, repository } = this.options;
    const key = generateDataKey();
    return {
      _id: key.id,
      wrapped: wrapDataKey(kek, key),
      keyCheck: keyCheckValue(kek),
      state: 'current',
      reserved: 0,
      createdAt: repository.time(),
    };
  }

  /** Keys that another replica made since this one started are read when they are first needed. */
  private async keyOf(id: string): Promise<DataKey> {
    const known = this.opened.get(id);
    if (known) return known;
    const document = await this.options.repository.findById(id);
    if (!document) throw unknownDataKey(id);
    return this.openKey(document);
  }

  private openKey(document: DataKeyDocument): DataKey {
    let key = this.opened.get(document._id);
    if (!key) {
      key = unwrapDataKey(this.options.kek, document._id, document.wrapped);
      this.opened.set(key.id, key);
    }
    return key;
  }
}
