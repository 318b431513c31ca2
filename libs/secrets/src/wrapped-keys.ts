import type { KeyProviderName } from '@rollcall/contracts';

import { type DataKey, unwrapDataKey, wrapDataKey, wrappingKeyIdOf } from './data-keys.js';
import { keyCheckValue, type KeyEncryptionKey } from './key-encryption-key.js';

export interface WrappedDataKey {
  /** Text that names provider, key and version of the key; see `wrappingOf`. */
  readonly wrapped: string;
  /** Identifies the wrapping key without revealing it. */
  readonly keyCheck: string;
}

/** Holds or reaches a key-encryption key. It wraps data keys and never shows its own key. */
export interface KeyProvider {
  readonly provider: KeyProviderName;
  /** For people: a path, the name of a variable, or the address and name of a key. */
  readonly name: string;
  /** The same for all versions of its key. Stored beside the data keys that it wrapped. */
  readonly keyCheck: string;
  wrap(dataKey: DataKey): Promise<WrappedDataKey>;
  /** @throws AppError when the key is another one, cannot be reached, or the text was altered */
  unwrap(dataKeyId: string, wrapped: string): Promise<DataKey>;
  /** False when the wrapping key has a newer version by now. */
  isNewest(wrapped: string): Promise<boolean>;
}

/** A key that this process itself holds, from a file or from its environment. Another key is another provider. */
export class LocalKeyProvider implements KeyProvider {
  readonly keyCheck: string;

  constructor(
    readonly provider: 'file' | 'environment',
    readonly name: string,
    private readonly key: KeyEncryptionKey,
  ) {
    this.keyCheck = keyCheckValue(key);
  }

  async wrap(dataKey: DataKey): Promise<WrappedDataKey> {
    return { wrapped: wrapDataKey(this.key, dataKey), keyCheck: this.keyCheck };
  }

  async unwrap(dataKeyId: string, wrapped: string): Promise<DataKey> {
    return unwrapDataKey(this.key, dataKeyId, wrapped);
  }

  async isNewest(wrapped: string): Promise<boolean> {
    return wrappingKeyIdOf(wrapped) === this.key.id;
  }
}

const format = 'rk2';
const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
const decode = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');

/** What wrapped a data key outside of this process. */
export interface ExternalWrapping {
  readonly provider: string;
  readonly key: string;
  readonly version: number;
  readonly text: string;
}

/** `rk2.<provider>.<key>.<version>.<text of the provider>`, key and text base64url. */
export function formatWrapping({ provider, key, version, text }: ExternalWrapping): string {
  return [format, provider, encode(key), String(version), encode(text)].join('.');
}

/** Null when the text is none of `formatWrapping`. */
export function parseWrapping(wrapped: string): ExternalWrapping | null {
  const [found, provider = '', key = '', version = '', text = '', ...rest] = wrapped.split('.');
  const isKnown = found === format && rest.length === 0 && /^[1-9]\d{0,8}$/.test(version);
  if (!isKnown || provider === '' || key === '' || text === '') return null;
  return { provider, key: decode(key), version: Number(version), text: decode(text) };
}

/** The wrapping key of a stored data key in words, without asking anybody. */
export function wrappingKeyOf(wrapped: string): string {
  const external = parseWrapping(wrapped);
  if (external) return `${external.provider} ${external.key}, version ${external.version}`;
  return wrappingKeyIdOf(wrapped) ?? 'unknown';
}
