import type { DataKeyDocument } from '@rollcall/collections';
import { AppError } from '@rollcall/contracts';
import type { Logger } from '@rollcall/observability';
import { type DataKey, generateDataKey, type KeyProvider } from '@rollcall/secrets';

import type { KeyProviders } from './key-providers.js';
import { unknownDataKey, wrongKeyEncryptionKey } from './keys.errors.js';
import type { KeysRepository } from './keys.repository.js';

/** The data keys of the vault, unwrapped in memory, and whoever unwraps them. */
export class Keyring {
  private readonly opened = new Map<string, DataKey>();
  private readonly opening = new Map<string, Promise<DataKey>>();

  constructor(
    readonly providers: KeyProviders,
    private readonly repository: KeysRepository,
    private readonly logger: Logger,
  ) {}

  /**
   * All of them, so that a lease needs nobody else later. A replaced one that was altered keeps nobody from starting.
   * @throws KeysError when a key-encryption key is missing, another one, or not to be reached
   */
  async openAll(stored: readonly DataKeyDocument[]): Promise<void> {
    const foreign = stored.filter(({ keyCheck }) => !this.providers.ownerOf(keyCheck)).length;
    if (foreign > 0) throw wrongKeyEncryptionKey(foreign, stored.length);
    for (const document of stored) {
      try {
        await this.open(document);
      } catch (error) {
        const isAltered = error instanceof AppError && error.code === 'secret-unreadable';
        if (!isAltered || document.state === 'current') throw error;
        this.logger.error(error.message);
      }
    }
  }

  /** Keys that another replica made since this one started are read when they are first needed. */
  async get(id: string): Promise<DataKey> {
    const known = this.opened.get(id);
    if (known) return known;
    const document = await this.repository.findById(id);
    if (!document) throw unknownDataKey(id);
    return this.open(document);
  }

  async open(document: DataKeyDocument): Promise<DataKey> {
    const known = this.opened.get(document._id) ?? this.opening.get(document._id);
    if (known) return known;
    const opening = this.unwrap(document).finally(() => this.opening.delete(document._id));
    this.opening.set(document._id, opening);
    return opening;
  }

  /** Those that other replicas made, before anybody needs them. What cannot be opened now is tried when it is needed. */
  async learn(stored: readonly DataKeyDocument[]): Promise<void> {
    for (const document of stored) {
      if (this.opened.has(document._id)) continue;
      await this.open(document).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
        this.logger.warn(`data key ${document._id} is not opened: ${error.message}`);
      });
    }
  }

  /** What was deleted opens nothing any more, in this process either. */
  forgetAllBut(stored: readonly DataKeyDocument[]): void {
    const ids = new Set(stored.map(({ _id }) => _id));
    for (const id of this.opened.keys()) if (!ids.has(id)) this.opened.delete(id);
  }

  /**
   * A new data key, not stored yet. It is wrapped as the one that it replaces: replicas that start one after the other
   * with a new key-encryption key can all open it, until somebody has the keys wrapped by the new one.
   */
  async make(replaced: DataKeyDocument | null): Promise<DataKeyDocument> {
    const key = generateDataKey();
    const provider = (replaced && this.providers.ownerOf(replaced.keyCheck)) ?? this.providers.current;
    const wrapped = await provider.wrap(key);
    return { _id: key.id, ...wrapped, state: 'current', reserved: 0, createdAt: this.repository.time() };
  }

  /** Wraps a stored data key by the newest version of the current key-encryption key. True if that changed something. */
  async wrapAgain(document: DataKeyDocument): Promise<boolean> {
    const { current } = this.providers;
    if (document.keyCheck === current.keyCheck && (await current.isNewest(document.wrapped))) return false;
    const wrapped = await current.wrap(await this.open(document));
    return this.repository.replaceWrapping(document, wrapped);
  }

  private async unwrap(document: DataKeyDocument): Promise<DataKey> {
    const provider: KeyProvider | null = this.providers.ownerOf(document.keyCheck);
    if (!provider) throw wrongKeyEncryptionKey(1, 1);
    const key = await provider.unwrap(document._id, document.wrapped);
    this.opened.set(key.id, key);
    return key;
  }
}
