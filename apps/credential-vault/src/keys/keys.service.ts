import { setTimeout as sleep } from 'node:timers/promises';

import type { DataKeyDocument } from '@rollcall/collections';
import type { KeyRotation } from '@rollcall/contracts';
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
  SecretsError,
  type SecretString,
} from '@rollcall/secrets';

import type { KeyProviders } from './key-providers.js';
import { Keyring } from './keyring.js';
import { dataKeysBusy, dataKeysMissing } from './keys.errors.js';
import type { KeysRepository } from './keys.repository.js';

/** Encryptions reserved at once: a crash wastes at most so many of 2^31 (P26). */
const reservedBlock = 1024;

const firstKeyLease = 'first-data-key';
const leaseMs = 10_000;
const patienceMs = 30_000;

export interface KeysOptions {
  readonly repository: KeysRepository;
  readonly providers: KeyProviders;
  readonly leases: Leases;
  readonly logger: Logger;
}

export interface EncryptedField {
  readonly dataKey: string;
  readonly ciphertext: string;
}

/**
 * Encrypts and decrypts what is stored. Ciphertexts and wrapped keys name the keys that they need, so data keys and
 * key-encryption keys can be replaced while everything goes on.
 */
export class KeysService {
  readonly keyring: Keyring;
  private block: { readonly key: DataKey; left: number } | null = null;
  private reserving: Promise<void> | null = null;
  private readonly ready: Promise<void>;
  private settle!: { readonly opened: () => void; readonly gaveUp: (reason: Error) => void };
  private opened = false;

  constructor(private readonly options: KeysOptions) {
    this.keyring = new Keyring(options.providers, options.repository, options.logger);
    this.ready = new Promise((opened, gaveUp) => {
      this.settle = { opened, gaveUp };
    });
    this.ready.catch(() => undefined);
  }

  /**
   * Creates the first data key of a new vault; otherwise checks that the key-encryption key fits every stored data key.
   * Until it is done, whoever wants to encrypt or decrypt waits.
   * @throws KeysError if it does not fit, or if keys are missing: nothing is written then (P24)
   */
  async open(): Promise<void> {
    let stored = await this.options.repository.findAll();
    if (stored.length === 0) stored = await this.createFirst();
    await this.keyring.openAll(stored);
    this.opened = true;
    this.settle.opened();
  }

  get isOpen(): boolean {
    return this.opened;
  }

  /** Nobody waits any more for what will not be opened. */
  giveUp(reason: Error): void {
    this.settle.gaveUp(reason);
  }

  /** The transaction that stores the ciphertext has begun before; see `takeUse`. */
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

  /** The current key for so many encryptions, counted already. */
  async takeUses(count: number): Promise<DataKey> {
    await this.ready;
    for (;;) {
      const reserved = await this.options.repository.reserve(count, dataKeyUseLimit);
      if (reserved) return this.keyring.open(reserved);
      await this.replaceDataKey('encryptions');
    }
  }

  private async keyFor(place: FieldPlace, ciphertext: string): Promise<DataKey> {
    await this.ready;
    const id = dataKeyIdOf(ciphertext);
    if (id !== null) return this.keyring.get(id);
    const message = `The stored secret ${place.field} of credential ${place.credentialId} is not a ciphertext. Enter it again.`;
    throw new SecretsError('secret-unreadable', message, { ...place });
  }

  /**
   * A key that is current at this moment. It is asked for each time: a replaced key is deleted once nothing is stored under
   * it, some minutes after it was replaced, and the transaction that has begun by now cannot last that long.
   */
  private async takeUse(): Promise<DataKey> {
    await this.ready;
    for (;;) {
      const { block } = this;
      if (block !== null && block.left > 0) {
        block.left -= 1;
        if (await this.options.repository.isCurrent(block.key.id)) return block.key;
        if (this.block === block) this.block = null;
        continue;
      }
      this.reserving ??= this.reserve().finally(() => {
        this.reserving = null;
      });
      await this.reserving;
    }
  }

  private async reserve(): Promise<void> {
    this.block = { key: await this.takeUses(reservedBlock), left: reservedBlock };
  }

  /**
   * A new data key takes over; the old one goes on decrypting (P26).
   * @param command makes no further key when it is repeated
   */
  async replaceDataKey(reason: KeyRotation['reason'], command?: string): Promise<void> {
    const { repository, logger } = this.options;
    if (command !== undefined && (await repository.findMadeFor(command))) return;
    const current = (await repository.findAll()).find(({ state }) => state === 'current');
    if (!current) throw dataKeysMissing();
    const made = await this.keyring.make(current);
    const next = command === undefined ? made : { ...made, madeFor: command };
    if (await repository.replaceCurrent(current._id, next, reason)) {
      logger.info('data key replaced', { retired: current._id, current: next._id, reason });
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
      const first = await this.keyring.make(null);
      await repository.insert(first);
      logger.info('first data key created', { dataKey: first._id });
      return [first];
    } finally {
      await leases.release(firstKeyLease);
    }
  }
}
