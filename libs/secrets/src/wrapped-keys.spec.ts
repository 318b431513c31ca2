import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { generateDataKey } from './data-keys.js';
import { KeyEncryptionKey } from './key-encryption-key.js';
import { formatWrapping, LocalKeyProvider, parseWrapping, wrappingKeyOf } from './wrapped-keys.js';

const provider = () => {
  const key = KeyEncryptionKey.parse(randomBytes(32).toString('base64'));
  return new LocalKeyProvider('file', '/keys/kek', key);
};

describe('a key that the process holds', () => {
  it('opens what it wrapped, knows it as its own, and opens nothing of another', async () => {
    const [own, other] = [provider(), provider()];
    const dataKey = generateDataKey();
    const { wrapped, keyCheck } = await own.wrap(dataKey);
    expect((await own.unwrap(dataKey.id, wrapped)).key.equals(dataKey.key)).toBe(true);
    expect(keyCheck).toBe(own.keyCheck);
    expect([await own.isNewest(wrapped), await other.isNewest(wrapped)]).toEqual([true, false]);
    await expect(other.unwrap(dataKey.id, wrapped)).rejects.toMatchObject({ code: 'wrong-key-encryption-key' });
    expect(wrappingKeyOf(wrapped)).toBe(own.keyCheck);
  });
});

describe('the text of a data key that was wrapped elsewhere', () => {
  const wrapping = fc.record({
    provider: fc.constant('transit'),
    key: fc.string({ unit: 'grapheme', minLength: 1 }),
    version: fc.integer({ min: 1, max: 999_999 }),
    text: fc.string({ unit: 'grapheme', minLength: 1 }),
  });

  it('names provider, key and version, and is read as it was written', () => {
    fc.assert(fc.property(wrapping, (given) => expect(parseWrapping(formatWrapping(given))).toEqual(given)));
    expect(wrappingKeyOf(formatWrapping({ provider: 'transit', key: 'transit/example', version: 3, text: 'x' }))).toBe(
      'transit transit/example, version 3',
    );
  });

  it('is nothing else', () => {
    for (const text of ['', 'rk1.a.b.c', 'rk2.transit.a.0.b', 'rk2.transit.a.1', 'rk2.transit.a.1.b.c', 'rk2..a.1.b']) {
      expect(parseWrapping(text)).toBeNull();
    }
    expect(wrappingKeyOf('')).toBe('unknown');
  });
});
