import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

import { keyBytes, openBytes, sealBytes } from './aes-gcm.js';
import type { KeyEncryptionKey } from './key-encryption-key.js';
import { lengthPrefixed } from './length-prefixed.js';
import { SecretsError } from './secrets.errors.js';

/** Encryptions under one data key after which it must be replaced: half of what random 96-bit nonces allow (P26). */
export const dataKeyUseLimit = 2 ** 31;

/** Encrypts fields. `id` stands in every ciphertext; the key itself is stored wrapped only. */
export interface DataKey {
  readonly id: string;
  readonly key: KeyObject;
}

const format = 'rk1';
const additionalData = (kekId: string, dataKeyId: string): Buffer =>
  lengthPrefixed(['rollcall data key', format, kekId, dataKeyId]);

export function generateDataKey(): DataKey {
  return { id: randomBytes(9).toString('base64url'), key: createSecretKey(randomBytes(keyBytes)) };
}

/** Null when it is not as long as a data key. */
export function dataKeyFrom(id: string, bytes: Buffer): DataKey | null {
  return bytes.length === keyBytes ? { id, key: createSecretKey(bytes) } : null;
}

/** `rk1.<id of the key-encryption key>.<nonce>.<ciphertext and tag>`, bound to both key ids. */
export function wrapDataKey(kek: KeyEncryptionKey, dataKey: DataKey): string {
  const sealed = sealBytes(kek.key, dataKey.key.export(), additionalData(kek.id, dataKey.id));
  return `${format}.${kek.id}.${sealed}`;
}

/** The key-encryption key that a wrapped data key needs, or null when the text is no wrapped data key. */
export function wrappingKeyIdOf(wrapped: string): string | null {
  const [version, kekId, , , ...rest] = wrapped.split('.');
  return version === format && kekId !== undefined && rest.length === 0 ? kekId : null;
}

/** @throws SecretsError wrong-key-encryption-key when another key wrapped it, secret-unreadable when it was altered */
export function unwrapDataKey(kek: KeyEncryptionKey, dataKeyId: string, wrapped: string): DataKey {
  const kekId = wrappingKeyIdOf(wrapped);
  if (kekId !== null && kekId !== kek.id) {
    const message =
      `Data key ${dataKeyId} was wrapped by another key-encryption key (${kekId}, given is ${kek.id}). ` +
      'Start the vault with the key that it was set up with; nothing was changed.';
    throw new SecretsError('wrong-key-encryption-key', message, { dataKeyId, kekId, givenKekId: kek.id });
  }
  const [, , nonce = '', sealed = ''] = wrapped.split('.');
  const bytes = kekId === null ? null : openBytes(kek.key, nonce, sealed, additionalData(kek.id, dataKeyId));
  const dataKey = bytes && dataKeyFrom(dataKeyId, bytes);
  if (!dataKey) {
    const message = `Data key ${dataKeyId} cannot be unwrapped: its stored text was altered. Restore it from a backup.`;
    throw new SecretsError('secret-unreadable', message, { dataKeyId });
  }
  return dataKey;
}
