import { createHash, createHmac, createPrivateKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

import { keyFiles, readPrivateFile } from './key-files.js';
import { peekSecret, type SecretString } from './secret-string.js';

const keyNameLength = 8;

/**
 * Keyed digests of secret values, by which a record says which value was used and nobody can find the value by trying. The
 * key is derived from the vault's sealing key: no other service has it, unlike the digest key of the installation.
 */
export class ValueDigests {
  /** Begins every digest, so that those by another key are told apart. */
  readonly prefix: string;

  private constructor(private readonly key: KeyObject) {
    const name = createHash('sha256').update('rollcall value digest key').update(key.export()).digest('base64url');
    this.prefix = `${name.slice(0, keyNameLength)}.`;
  }

  /** @param pem PKCS8 of the vault's sealing key */
  static of(pem: string): ValueDigests {
    const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
    return new ValueDigests(createSecretKey(Buffer.from(hkdfSync('sha256', der, '', 'rollcall value digests v1', 32))));
  }

  /** @throws SecretsError key-missing, key-exposed */
  static async load(directory: string): Promise<ValueDigests> {
    return ValueDigests.of(await readPrivateFile(keyFiles.sealKey(directory)));
  }

  /** HMAC-SHA-256 as base64url, after the name of the key. The same value has the same digest wherever it is stored. */
  digest(value: SecretString): string {
    return this.prefix + createHmac('sha256', this.key).update(peekSecret(value)).digest('base64url');
  }
}
