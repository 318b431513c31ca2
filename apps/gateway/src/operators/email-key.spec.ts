import { describe, expect, it } from '@jest/globals';

import { emailKeyOf } from './email-key.js';

describe('the key of an address', () => {
  it.each(['ada@example.com', 'ADA@Example.com', ' ada@example.com ', 'ada+tag@example.com', '\uff21da@example.com'])(
    'is the same for %j',
    (email) => {
      expect(emailKeyOf(email)).toBe('ada@example.com');
    },
  );

  it('is another one for other people, and for what is no address', () => {
    expect(emailKeyOf('eda@example.com')).toBe('eda@example.com');
    expect(emailKeyOf('+ada@example.com')).toBe('+ada@example.com');
    expect(emailKeyOf('ada+tag')).toBe('ada+tag');
    expect(emailKeyOf('@')).toBe('@');
  });
});
