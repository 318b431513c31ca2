import { describe, expect, it } from '@jest/globals';

import { parseSender } from './mail-address.js';

describe('the sender', () => {
  it.each([
    ['rollcall@example.org', { name: '', address: 'rollcall@example.org' }],
    ['Rollcall <rollcall@example.org>', { name: 'Rollcall', address: 'rollcall@example.org' }],
  ])('is read from %s', (text, sender) => {
    expect(parseSender(text)).toEqual(sender);
  });

  it.each(['', 'Rollcall', 'Rollcall <>', 'A <a@example.org> B', 'A\r\nBcc: eve@example.org <a@example.org>'])(
    'is refused as %j',
    (text) => {
      expect(parseSender(text)).toBeNull();
    },
  );
});
