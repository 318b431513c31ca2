import { openBytes, sealBytes } from './aes-gcm.js';
import type { DataKey } from './data-keys.js';
import { lengthPrefixed } from './length-prefixed.js';
import { peekSecret, SecretString, unwrapSecret } from './secret-string.js';
import { SecretsError } from './secrets.errors.js';

/** Where a ciphertext belongs. It opens nowhere else (P22). */
export interface FieldPlace {
  readonly credentialId: string;
  readonly connector: string;
  /** Kind of the credential, by which its fields are sent or exchanged for a token. */
  readonly type: string;
  /** Scheme, host and port that it may be sent to (P21). */
  readonly origin: string;
  readonly field: string;
  /** Version of the value, counted by the vault: an older ciphertext of the same field does not open as the newer. */
  readonly version: number;
}

const format = 'rc2';
/** Of earlier versions: bound to no connector, type and origin. Read by `decryptEarlierField` alone, and never written. */
const earlierFormat = 'rc1';

const additionalData = (place: FieldPlace, dataKeyId: string): Buffer =>
  lengthPrefixed([
    format,
    place.credentialId,
    place.connector,
    place.type,
    place.origin,
    place.field,
    String(place.version),
    dataKeyId,
  ]);
const earlierAdditionalData = ({ credentialId, field, version }: FieldPlace, dataKeyId: string): Buffer =>
  lengthPrefixed([earlierFormat, credentialId, field, String(version), dataKeyId]);

/** `rc2.<data key id>.<nonce>.<ciphertext and tag>`, the last two base64url. */
export function encryptField(dataKey: DataKey, place: FieldPlace, value: SecretString): string {
  const sealed = sealBytes(dataKey.key, Buffer.from(unwrapSecret(value), 'utf8'), additionalData(place, dataKey.id));
  return `${format}.${dataKey.id}.${sealed}`;
}

/** @throws SecretsError secret-unreadable: altered, moved from another place, under another key, or of an earlier format */
export function decryptField(dataKey: DataKey, place: FieldPlace, ciphertext: string): SecretString {
  return opened(dataKey, place, ciphertext, format, additionalData(place, dataKey.id));
}

/**
 * The value of a ciphertext of an earlier format, to encrypt it anew and for nothing else: it opens wherever the
 * credential is said to be.
 * @throws SecretsError secret-unreadable
 */
export function decryptEarlierField(dataKey: DataKey, place: FieldPlace, ciphertext: string): SecretString {
  return opened(dataKey, place, ciphertext, earlierFormat, earlierAdditionalData(place, dataKey.id));
}

/**
 * The same value under another data key, for the same place. It is never shown, so nobody is told of it: a rotation is no
 * use of a secret.
 * @throws SecretsError secret-unreadable
 */
export function resealField(from: DataKey, to: DataKey, place: FieldPlace, ciphertext: string): string {
  const plain = Buffer.from(peekSecret(decryptField(from, place, ciphertext)), 'utf8');
  return `${format}.${to.id}.${sealBytes(to.key, plain, additionalData(place, to.id))}`;
}

/** Ciphertexts of the format before origins were part of it, for a query too. */
export const earlierFields = new RegExp(`^${earlierFormat}\\.`);

function opened(dataKey: DataKey, place: FieldPlace, text: string, expected: string, additional: Buffer): SecretString {
  const [found, keyId, nonce = '', sealed = ''] = text.split('.');
  const wellFormed = dataKeyIdOf(text) !== null && found === expected && keyId === dataKey.id;
  const plain = wellFormed ? openBytes(dataKey.key, nonce, sealed, additional) : null;
  if (!plain) throw unreadable(place);
  return new SecretString(plain.toString('utf8'));
}

/** Id of the data key that a ciphertext needs, or null when the text is no ciphertext of a known format. */
export function dataKeyIdOf(ciphertext: string): string | null {
  const parts = ciphertext.split('.');
  const isKnown = parts[0] === format || parts[0] === earlierFormat;
  return parts.length === 4 && isKnown && parts[1] ? parts[1] : null;
}

function unreadable(place: FieldPlace): SecretsError {
  const message =
    `The stored secret ${place.field} of credential ${place.credentialId} cannot be read: it was altered, moved, ` +
    'entered for another address, or written under another key. Enter it again, or restore the database of the vault from a backup.';
  return new SecretsError('secret-unreadable', message, { ...place });
}

/** Encrypts under the newest data key and decrypts under every data key that is still stored. */
export class EnvelopeCipher {
  private readonly keys = new Map<string, DataKey>();

  constructor(
    private readonly current: DataKey,
    older: readonly DataKey[] = [],
  ) {
    for (const key of [...older, current]) this.keys.set(key.id, key);
  }

  /** Id of the data key that new ciphertexts are written under; the vault counts its uses (`dataKeyUseLimit`). */
  get currentKeyId(): string {
    return this.current.id;
  }

  encrypt(place: FieldPlace, value: SecretString): string {
    return encryptField(this.current, place, value);
  }

  /** @throws SecretsError unknown-data-key, secret-unreadable */
  decrypt(place: FieldPlace, ciphertext: string): SecretString {
    const keyId = dataKeyIdOf(ciphertext);
    if (keyId === null) throw unreadable(place);
    const key = this.keys.get(keyId);
    if (!key) {
      const message =
        `The stored secret ${place.field} of credential ${place.credentialId} needs data key ${keyId}, which the ` +
        'vault no longer has. Enter the secret again, or restore the data keys from a backup.';
      throw new SecretsError('unknown-data-key', message, { ...place, dataKeyId: keyId });
    }
    return decryptField(key, place, ciphertext);
  }
}
