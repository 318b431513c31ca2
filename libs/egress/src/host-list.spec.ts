import { describe, expect, it } from '@jest/globals';

import { HostList, isFullHost } from './host-list.js';

describe('the hosts that may be asked (N2)', () => {
  it.each(['api.example.com', '192.0.2.1', '[2001:db8::1]', 'x_y.example.com'])('knows %s as a full name', (host) => {
    expect(isFullHost(host)).toBe(true);
  });

  it.each(['api.example.com.', 'intranet', '', '.example.com', 'a..b'])('knows "%s" as none', (host) => {
    expect(isFullHost(host)).toBe(false);
  });

  it('match exactly, or by a suffix of at least two labels', () => {
    const list = new HostList(['api.example.com', '*.login.example.org']);
    expect(list.allows('api.example.com')).toBe(true);
    expect(list.allows('eu.login.example.org')).toBe(true);
    expect(list.allows('login.example.org')).toBe(false);
    expect(list.allows('evil-login.example.org')).toBe(false);
    expect(list.allows('api.example.com.')).toBe(false);
  });

  it.each(['*', '*.com', 'a*.example.com', 'https://a.example.com'])('refuse the pattern %s', (pattern) => {
    expect(() => new HostList([pattern])).toThrow(/is not an allowed host/);
  });
});
