import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { VendorError } from './vendor-error.js';
import { joinVendorUrl } from './vendor-url.js';

describe('joinVendorUrl', () => {
  it('joins below a base with a path, with or without its slash', () => {
    expect(joinVendorUrl('https://v.example/api', '/users', { limit: 1 })).toBe('https://v.example/api/users?limit=1');
    expect(joinVendorUrl('https://v.example/api/', '/users')).toBe('https://v.example/api/users');
    expect(joinVendorUrl('https://v.example', '/users')).toBe('https://v.example/users');
  });

  it.each([
    '',
    'users',
    '/users/',
    '/users//x',
    '/users/.',
    '/users/..',
    '/users/%2e%2e',
    '/users/%2E.',
    '/users/..%2f..%2fadmin',
    '/users/a%2fb',
    '/users/a\\b',
    '/users/a%5cb',
    '/users?x=1',
    '/users#x',
    '/users/ a',
    '/users/a\nb',
    '/users/%00',
    '/users/%zz',
    '/users/a"b',
    '/users/{a}',
    '/users/ü',
    '//evil.example/users',
  ])('refuses %j, which would mean another address (N5)', (path) => {
    expect(() => joinVendorUrl('https://v.example/api', path)).toThrow(VendorError);
  });

  it.each(['not a url', 'https://user:test-secret@v.example', 'https://v.example/?a=1', 'https://v.example/#a'])(
    'refuses the base %s without repeating it (N8)',
    (base) => {
      expect(() => joinVendorUrl(base, '/users')).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('test-secret') }),
      );
    },
  );

  it('keeps origin, number of segments and the decoded value for every encoded value it accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (value) => {
        let url: URL;
        try {
          url = new URL(joinVendorUrl('https://v.example/api', `/users/${encodeURIComponent(value)}/unlock`));
        } catch {
          return;
        }
        expect(url.origin).toBe('https://v.example');
        const segments = url.pathname.split('/');
        expect(segments).toHaveLength(5);
        expect(decodeURIComponent(segments[3] ?? '')).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});
