import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isMailAddress } from './mail-address.js';

describe('the address check (P39)', () => {
  it.each(['ada@example.com', 'ada.love+rollcall@mail.example.co.uk', "o'neil_1@example.org", 'a@b.cd'])(
    'takes %s',
    (address) => {
      expect(isMailAddress(address)).toBe(true);
    },
  );

  it.each([
    '',
    'ada',
    '@example.com',
    'ada@',
    'ada@localhost',
    'ada@@example.com',
    '"ada@evil.example x"@example.com',
    'ada(comment)@example.com',
    'ada@example.com>',
    '<ada@example.com>',
    'ada@[127.0.0.1]',
    'ada%other.example@example.com',
    'other.example!ada@example.com',
    'ada@example.com,eve@example.org',
    'ada@example.com\r\nRCPT TO:<eve@example.org>',
    'ada @example.com',
    '.ada@example.com',
    'ada..love@example.com',
    'ada@-example.com',
    'ada@example..com',
    'ada@exämple.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(64)}.com`,
    `ada@${'abcdefgh.'.repeat(30)}com`,
  ])('refuses %j', (address) => {
    expect(isMailAddress(address)).toBe(false);
  });

  it('takes nothing with white space, control characters, commas, quotes or brackets in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...' \t\r\n\0,;"<>()[]\\:'), fc.string(), (before, bad, behind) => {
        expect(isMailAddress(`${before}${bad}${behind}@example.com`)).toBe(false);
        expect(isMailAddress(`ada@${before}${bad}${behind}`)).toBe(false);
      }),
    );
  });
});
