import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { SealedField } from '@rollcall/contracts';

import { decodeBase64url } from './base64url.js';
import { lengthPrefixed } from './length-prefixed.js';
import { importSealPublicKey, type SealPrivateKey } from './seal-keys.js';
import { peekSecret, SecretString, wrapSecret } from './secret-string.js';
import { SecretsError } from './secrets.errors.js';

/** RFC 9180, base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (F5). */
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** What a seal is for, most general word first. It opens for exactly this purpose. */
export interface SealPurpose {
  readonly purpose: readonly string[];
}

const arrayBuffer = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
const bindingOf = ({ purpose }: SealPurpose): { info: ArrayBuffer; aad: ArrayBuffer } => ({
  info: arrayBuffer(lengthPrefixed(['rollcall seal v1', ...purpose])),
  aad: arrayBuffer(lengthPrefixed(purpose)),
});

/**
 * Seals a text to a public key.
 * @param publicKey raw uncompressed P-256 point, base64url
 * @throws SecretsError key-malformed
 */
export async function sealTo(
  publicKey: string,
  plain: SecretString | string,
  purpose: SealPurpose,
): Promise<SealedField> {
  const recipientPublicKey = await importSealPublicKey(publicKey);
  const { info, aad } = bindingOf(purpose);
  const bytes = arrayBuffer(Buffer.from(peekSecret(wrapSecret(plain)), 'utf8'));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, bytes, aad);
  return { enc: Buffer.from(enc).toString('base64url'), ct: Buffer.from(ct).toString('base64url') };
}

/** @throws SecretsError seal-unreadable: sealed to another key, for another purpose, or altered */
export async function openSealed(
  privateKey: SealPrivateKey,
  sealed: SealedField,
  purpose: SealPurpose,
): Promise<SecretString> {
  const enc = decodeBase64url(sealed.enc);
  const ct = decodeBase64url(sealed.ct);
  if (enc === null || ct === null) throw unreadable(purpose);
  const { info, aad } = bindingOf(purpose);
  try {
    const recipient = { recipientKey: privateKey.pair, enc: arrayBuffer(enc), info };
    return new SecretString(Buffer.from(await suite.open(recipient, arrayBuffer(ct), aad)).toString('utf8'));
  } catch {
    throw unreadable(purpose);
  }
}

function unreadable({ purpose }: SealPurpose): SecretsError {
  const message =
    `A sealed value (${purpose.join(', ')}) cannot be opened: it was sealed to another key, for another purpose, or ` +
    'altered on the way. Send it again, sealed to the current public key.';
  return new SecretsError('seal-unreadable', message, { purpose });
}
