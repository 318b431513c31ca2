import { createHash } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { digestsOf, formsOf, isOfBytes, newCanary, SecretSearch } from './secret-search.js';

const secrets: Readonly<Record<string, string>> = {
  'with characters that are written in many ways': newCanary(),
  'of letters only': 'testcanaryofnothingbutletters',
  'in other alphabets': 'test-canary-Zoë-東京-😀-1234567890',
  'that is a key in hex': '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
};

/** Ways in which something that holds a secret may be packed before it is written. */
const packings: Readonly<Record<string, (text: string) => string | Buffer>> = {
  'as it is': (text) => text,
  'as bytes between others': (text) => Buffer.concat([Buffer.from([0, 255]), Buffer.from(text), Buffer.from([128])]),
  gzip: (text) => gzipSync(text),
  zlib: (text) => deflateSync(text),
  'gzip between other bytes': (text) => Buffer.concat([Buffer.from('before'), gzipSync(text), Buffer.from('after')]),
  'gzip that is cut off': (text) => gzipSync(text.padEnd(5_000, '.')).subarray(0, -8),
  'gzip in base64': (text) => `{"body":"${gzipSync(text).toString('base64')}"}`,
  'gzip in base64url': (text) => `{"body":"${gzipSync(text).toString('base64url')}"}`,
  'gzip in hex': (text) => `body=${gzipSync(text).toString('hex')}`,
  'gzip in gzip': (text) => gzipSync(gzipSync(text)),
  'zlib in base64 in gzip': (text) => gzipSync(deflateSync(text).toString('base64')),
};

function hitsOf(secret: string, packed: string | Buffer, hashed: readonly string[] = []): string[] {
  const search = new SecretSearch({ it: secret }, hashed);
  search.search('planted', packed);
  return search.hits;
}

describe('the search for secrets', () => {
  it.each(Object.entries(secrets))('finds a secret %s in every form and every packing', (_, secret) => {
    const embedded = ['a', 'ab', 'abc'].map((user) => Buffer.from(`${user}:${secret}:x`).toString('base64'));
    const forms = [...formsOf(secret)].filter(([form]) => !isOfBytes(form)).map(([, text]) => text);
    const texts = [...forms, ...digestsOf(secret).values(), ...embedded];
    const missed = texts.flatMap((text) =>
      Object.entries(packings).flatMap(([name, pack]) =>
        hitsOf(secret, pack(text)).length === 0 ? [`${text} ${name}`] : [],
      ),
    );
    expect(missed).toEqual([]);
    expect(texts.length * Object.keys(packings).length).toBeGreaterThan(300);
  });

  it('finds a key, which is bytes, as bytes and in every way to write them', () => {
    const key = createHash('sha256').update('example').digest();
    const search = (packed: string | Buffer) => {
      const one = new SecretSearch({ key });
      one.search('planted', packed);
      return one.hits;
    };
    const private32 = Buffer.concat([Buffer.alloc(16, 1), key]);
    const found = [key, key.subarray(0, 16), private32, gzipSync(private32), private32.toString('base64')];
    for (const packed of found) expect(search(packed)).not.toEqual([]);
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(search(`"${key.toString(encoding)}"`)).not.toEqual([]);
    }
    for (const digest of digestsOf(key).values()) expect(search(digest)).not.toEqual([]);
    expect(search(Buffer.alloc(64, 7))).toEqual([]);
  });

  it.each(['utf16le', 'utf8'] as const)('finds a secret in bytes of %s', (encoding) => {
    for (const secret of Object.values(secrets)) {
      expect(hitsOf(secret, Buffer.from(`before ${secret} after`, encoding))).not.toEqual([]);
      expect(hitsOf(secret, Buffer.from(`before ${secret} after`, 'utf16le').swap16())).not.toEqual([]);
    }
  });

  it('finds every one of several in one text, and none that is not there', () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(secrets)), fc.string(), (planted, filling) => {
        const search = new SecretSearch(secrets);
        search.search('planted', planted.map((name) => `${filling}${secrets[name]}`).join(filling));
        const found = Object.keys(secrets).filter((name) => search.hits.some((hit) => hit.includes(name)));
        expect(found).toEqual(Object.keys(secrets).filter((name) => planted.includes(name)));
      }),
      { numRuns: 200 },
    );
  });

  it('lets the SHA-256 of a random secret pass where it is stored on purpose, and nothing else of it', () => {
    const secret = newCanary();
    for (const digest of digestsOf(secret).values()) expect(hitsOf(secret, digest, ['it'])).toEqual([]);
    for (const form of formsOf(secret).values()) {
      expect(hitsOf(secret, Buffer.from(form, 'latin1'), ['it'])).not.toEqual([]);
    }
  });
});
