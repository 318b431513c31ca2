import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

import { decodeBase64url } from './base64url.js';

const algorithm = 'aes-256-gcm';
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** `<nonce>.<ciphertext and tag>`, both base64url. The nonce is 96 random bits (P26). */
export function sealBytes(key: KeyObject, plain: Buffer, additional: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(additional);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
}

/**
 * The plain bytes, or null when key, nonce, bytes or additional data are not those of `sealBytes`. The tag is always
 * taken as 16 bytes: without that Node accepts tags of 4 (N7).
 */
export function openBytes(key: KeyObject, nonceText: string, sealedText: string, additional: Buffer): Buffer | null {
  const nonce = decodeBase64url(nonceText);
  const sealed = decodeBase64url(sealedText);
  if (nonce?.length !== nonceBytes || sealed === null || sealed.length < tagBytes) return null;
  const end = sealed.length - tagBytes;
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(additional);
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}
