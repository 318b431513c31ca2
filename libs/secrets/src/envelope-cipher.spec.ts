import { createCipheriv, createSecretKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { generateDataKey } from './data-keys.js';
import {
  dataKeyIdOf,
  decryptEarlierField,
  decryptField,
  earlierFields,
  encryptField,
  EnvelopeCipher,
  type FieldPlace,
} from './envelope-cipher.js';
import { SecretString, unwrapSecret } from './secret-string.js';
import { SecretsError } from './secrets.errors.js';

const vendor = { connector: 'directory', type: 'api-key', origin: 'https://api.vendor.example' };
const place: FieldPlace = { credentialId: 'credential-1', ...vendor, field: 'apiKey', version: 1 };
const value = 'example-api-key-0123456789';
const dataKey = generateDataKey();
const ciphertext = encryptField(dataKey, place, new SecretString(value));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(SecretsError);
    expect((error as Error).message).not.toContain(value);
    return (error as SecretsError).code;
  }
  return 'opened';
}
const opens = (text: string, at = place, key = dataKey): string => codeOf(() => decryptField(key, at, text));

describe('encryptField', () => {
  it('gives back any text, under the format rc2.<key>.<nonce>.<ciphertext and tag>', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const sealed = encryptField(dataKey, place, new SecretString(text));
        expect(sealed).toMatch(/^rc2\.[\w-]{12}\.[\w-]{16}\.[\w-]{22,}$/);
        expect(unwrapSecret(decryptField(dataKey, place, sealed))).toBe(text);
        expect(dataKeyIdOf(sealed)).toBe(dataKey.id);
      }),
    );
  });

  it('refuses all swaps between credentials, fields and versions (P22)', () => {
    const places = ['a', 'ab', 'b'].flatMap((credentialId) =>
      ['c', 'bc', ''].flatMap((field) => [1, 2, 11].map((version) => ({ credentialId, ...vendor, field, version }))),
    );
    const sealed = places.map((at) => encryptField(dataKey, at, new SecretString(value)));
    for (const [from, text] of sealed.entries()) {
      for (const [to, at] of places.entries())
        expect(opens(text, at)).toBe(from === to ? 'opened' : 'secret-unreadable');
    }
  });

  it('refuses another connector, type and origin than it was written for (P21)', () => {
    const others = [
      { connector: 'other' },
      { type: 'oauth' },
      { origin: 'https://api.vendor.example:8443' },
      { origin: 'http://api.vendor.example' },
      { origin: 'https://evil.example' },
      // Where one part ends and the next begins is part of it.
      { connector: 'directoryapi-key', type: '' },
    ];
    for (const other of others) expect(opens(ciphertext, { ...place, ...other })).toBe('secret-unreadable');
    expect(opens(ciphertext)).toBe('opened');
  });

  it('reads the earlier format only to encrypt it anew, and never takes one for the other', () => {
    // Written by the version before, under a key of 32 bytes of 7.
    const key = { id: 'AAAAAAAAAAAA', key: createSecretKey(Buffer.alloc(32, 7)) };
    const earlier = 'rc1.AAAAAAAAAAAA.ImCIemhqGIq5nn6M.faH599gGq_6_olIzEZG0U5UDoAhryoKICwQ16aeVbGFPuethYI-vc4ZG';
    expect([earlier, ciphertext].map((text) => earlierFields.test(text))).toEqual([true, false]);
    expect(unwrapSecret(decryptEarlierField(key, place, earlier))).toBe(value);
    expect(opens(earlier, place, key)).toBe('secret-unreadable');
    expect(opens(earlier.replace('rc1', 'rc2'), place, key)).toBe('secret-unreadable');
    expect(codeOf(() => decryptEarlierField(key, { ...place, version: 2 }, earlier))).toBe('secret-unreadable');
    expect(codeOf(() => decryptEarlierField(dataKey, place, ciphertext))).toBe('secret-unreadable');
  });

  it('refuses every flipped bit of nonce, ciphertext and tag, and of every character of the text (P22)', () => {
    const [format, keyId, nonce, sealed] = ciphertext.split('.') as [string, string, string, string];
    for (const part of [nonce, sealed]) {
      const bytes = Buffer.from(part, 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const text = flipped.toString('base64url');
        const parts = part === nonce ? [text, sealed] : [nonce, text];
        expect(opens([format, keyId, ...parts].join('.'))).toBe('secret-unreadable');
      }
    }
    for (let at = 0; at < ciphertext.length; at += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const changed = String.fromCharCode(ciphertext.charCodeAt(at) ^ bit);
        expect(opens(ciphertext.slice(0, at) + changed + ciphertext.slice(at + 1))).toBe('secret-unreadable');
      }
    }
  });

  it('refuses another spelling of the same bytes', () => {
    for (const text of [`${ciphertext}=`, `${ciphertext} `, ciphertext.replace('.', '..'), `${ciphertext}.`, '']) {
      expect(opens(text)).toBe('secret-unreadable');
    }
  });

  it('refuses valid tags of 0 to 15 bytes (N7, P22)', () => {
    const [format, keyId, nonce, sealed] = ciphertext.split('.') as [string, string, string, string];
    const bytes = Buffer.from(sealed, 'base64url');
    for (let tag = 0; tag < 16; tag += 1) {
      const short = bytes.subarray(0, bytes.length - 16 + tag).toString('base64url');
      expect(opens([format, keyId, nonce, short].join('.'))).toBe('secret-unreadable');
    }
    for (const authTagLength of [4, 8, 12, 13, 14, 15]) {
      const cipher = createCipheriv('aes-256-gcm', dataKey.key, Buffer.from(nonce, 'base64url'), { authTagLength });
      const plain = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]).toString('base64url');
      expect(opens([format, keyId, nonce, plain].join('.'))).toBe('secret-unreadable');
    }
  });

  it('refuses another key, also under the same id', () => {
    const sameId = { id: dataKey.id, key: createSecretKey(Buffer.alloc(32, 7)) };
    expect(opens(ciphertext, place, sameId)).toBe('secret-unreadable');
    expect(opens(ciphertext, place, generateDataKey())).toBe('secret-unreadable');
  });

  it('refuses an older ciphertext of the same field put back alone (P22)', () => {
    expect(opens(ciphertext, { ...place, version: 2 })).toBe('secret-unreadable');
  });

  it('never uses a nonce twice (P26)', () => {
    const nonces = new Set<string>();
    for (let made = 0; made < 100_000; made += 1) {
      nonces.add(encryptField(dataKey, place, new SecretString('')).split('.')[2]!);
    }
    expect(nonces.size).toBe(100_000);
  });
});

describe('EnvelopeCipher', () => {
  it('writes under the current key and reads under all it has', () => {
    const current = generateDataKey();
    const cipher = new EnvelopeCipher(current, [dataKey]);
    expect(unwrapSecret(cipher.decrypt(place, ciphertext))).toBe(value);
    const rewritten = cipher.encrypt(place, cipher.decrypt(place, ciphertext));
    expect(dataKeyIdOf(rewritten)).toBe(cipher.currentKeyId);
    expect(unwrapSecret(cipher.decrypt(place, rewritten))).toBe(value);
  });

  it('names a data key that is gone, and refuses what is no ciphertext (P22)', () => {
    const cipher = new EnvelopeCipher(generateDataKey());
    expect(codeOf(() => cipher.decrypt(place, ciphertext))).toBe('unknown-data-key');
    for (const text of ['', 'plain text', 'rc3.a.b.c', 'rc2..b.c', `${ciphertext}.x`]) {
      expect(codeOf(() => cipher.decrypt(place, text))).toBe('secret-unreadable');
    }
  });
});
