import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

import { keyBytes } from './aes-gcm.js';
import { decodeBase64 } from './base64url.js';
import { keyFiles, malformedKey, readPrivateFile } from './key-files.js';
import { lengthPrefixed } from './length-prefixed.js';

/**
 * The key of an installation for digests of command bodies (F5). All services have it, so that sender and owner
 * compute the same digest; without it nobody can guess a body by trying.
 */
export class DigestKey {
  private constructor(private readonly key: KeyObject) {}

  /** @param text 32 bytes as base64 @throws SecretsError key-malformed */
  static parse(text: string, source = 'the digest key'): DigestKey {
    const bytes = decodeBase64(text.trim());
    if (bytes?.length !== keyBytes) throw malformedKey(source, `${keyBytes} bytes in base64`);
    return new DigestKey(createSecretKey(bytes));
  }

  /** Reads `digest.key` of the key directory. @throws SecretsError key-missing, key-exposed, key-malformed */
  static async load(directory: string): Promise<DigestKey> {
    const path = keyFiles.digestKey(directory);
    return DigestKey.parse(await readPrivateFile(path), path);
  }

  /** HMAC-SHA-256 over the length-prefixed parts, base64url. */
  digest(...parts: string[]): string {
    return createHmac('sha256', this.key).update(lengthPrefixed(parts)).digest('base64url');
  }
}

/** Digest of a command: type, aggregate and plain body (F1). */
export function bodyDigest(key: DigestKey, ...parts: string[]): string {
  return key.digest(...parts);
}
