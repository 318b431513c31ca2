import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { keyBytes } from './aes-gcm.js';
import { decodeBase64 } from './base64url.js';
import { refuseExposedFile } from './key-files.js';
import { SecretsError } from './secrets.errors.js';

const cure = 'Make one with `openssl rand -base64 32` and keep a copy: without it no stored secret can be read again.';

/** The key that wraps data keys. It never leaves this object and prints as nothing. */
export class KeyEncryptionKey {
  /** Equal for equal keys, tells nothing about the key. Data keys carry it, so that a wrong key is named as such (P24). */
  readonly id: string;

  private constructor(readonly key: KeyObject) {
    this.id = createHmac('sha256', key)
      .update('rollcall key-encryption key check v1')
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  }

  /**
   * @param text 32 bytes as base64
   * @param source where it came from, for the message
   * @throws SecretsError key-missing, key-malformed
   */
  static parse(text: string, source = 'the key-encryption key'): KeyEncryptionKey {
    const trimmed = text.trim();
    if (trimmed === '') throw new SecretsError('key-missing', `No key-encryption key: ${source} is empty. ${cure}`);
    const bytes = decodeBase64(trimmed);
    if (!bytes) {
      throw new SecretsError('key-malformed', `The key-encryption key in ${source} is not base64. ${cure}`);
    }
    if (bytes.length !== keyBytes) {
      const message = `The key-encryption key in ${source} has ${bytes.length} bytes and needs exactly ${keyBytes}. ${cure}`;
      throw new SecretsError('key-malformed', message, { bytes: bytes.length });
    }
    return new KeyEncryptionKey(createSecretKey(bytes));
  }

  /** Reads the key from a file that only its owner may read. @throws SecretsError also key-exposed */
  static async fromFile(path: string): Promise<KeyEncryptionKey> {
    await refuseExposedFile(path);
    return KeyEncryptionKey.parse(await readFile(path, 'utf8'), path);
  }

  /** Reads the key from a variable of the environment that config.ts hands over. */
  static fromEnvironment(environment: Readonly<Record<string, string | undefined>>, name: string): KeyEncryptionKey {
    return KeyEncryptionKey.parse(environment[name] ?? '', `the environment variable ${name}`);
  }
}

/** Stored by the vault at its first start and compared at every later one: a wrong key refuses to start (P24). */
export function keyCheckValue(key: KeyEncryptionKey): string {
  return key.id;
}

export function matchesKeyCheckValue(key: KeyEncryptionKey, stored: string): boolean {
  const expected = Buffer.from(keyCheckValue(key));
  const given = Buffer.from(stored);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
