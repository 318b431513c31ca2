import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { keyOf, keysOf } from './keys.js';

describe('keys (D4)', () => {
  it.each([
    ['Ada@Example.com', 'email:ada@example.com'],
    ['  ada@example.com\t', 'email:ada@example.com'],
    ['ａｄａ＠example.com', 'email:ada@example.com'],
    ['\u00a0ada@example.com', 'email:ada@example.com'],
    ['ﬁona@example.com', 'email:fiona@example.com'],
  ])('compare %j trimmed, NFKC and in lower case', (value, key) => {
    expect(keyOf('email', value)).toBe(key);
  });

  it.each([null, undefined, '', '   ', '\u3000'])('are none for %j', (value) => {
    expect(keyOf('email', value)).toBeNull();
  });

  it('differ by field, and numbers count as their text', () => {
    expect(keyOf('badge', 7)).toBe('badge:7');
    expect(keysOf({ email: 'a@example.com', badge: 7, empty: '' }, ['badge', 'email', 'empty', 'unknown'])).toEqual(
      new Map([
        ['badge', 'badge:7'],
        ['email', 'email:a@example.com'],
      ]),
    );
  });

  it('do not depend on how often or in what form a value was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const key = keyOf('email', value);
        expect(keyOf('email', ` ${value} `)).toBe(key);
        if (key !== null) expect(keyOf('email', key.slice('email:'.length))).toBe(key);
      }),
    );
  });
});
