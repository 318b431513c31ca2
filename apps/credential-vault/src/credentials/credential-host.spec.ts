import { describe, expect, it } from '@jest/globals';

import { exampleManifests } from '../../test/manifests.js';
import { baseUrlOf, isSameOrigin } from './credential-host.js';

const manifest = exampleManifests['vendor-one']!;
const refused = (url: string, allowLoopback = false): string => {
  try {
    return `taken as ${baseUrlOf(url, manifest, allowLoopback)}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the host of a credential (P21)', () => {
  it('is that of the connector unless another is given', () => {
    expect(baseUrlOf(null, manifest, false)).toBe('https://api.one.example.com/v1');
  });

  it.each([
    ['https://api.one.example.com/v2', 'https://api.one.example.com/v2'],
    ['https://eu.example.org', 'https://eu.example.org'],
    ['https://EU.example.org:443/', 'https://eu.example.org'],
    ['https://eu.example.org/base/', 'https://eu.example.org/base/'],
  ])('may be %s', (given, stored) => {
    expect(baseUrlOf(given, manifest, false)).toBe(stored);
  });

  it.each([
    'http://api.one.example.com/v1',
    'http://eu.example.org',
    'ftp://eu.example.org',
    'javascript:alert(1)',
    'https://user:test-password@eu.example.org',
    'https://eu.example.org/?a=b',
    'https://eu.example.org/#x',
    'https://eu.example.org.',
    'https://intranet',
  ])('may not be %s, with or without the development switch', (given) => {
    expect(refused(given)).toBe('host-not-allowed');
    expect(refused(given, true)).toBe('host-not-allowed');
  });

  it.each([
    'http://127.0.0.1:8080',
    'https://127.0.0.1',
    'http://localhost:8080',
    'http://localhost.:8080',
    'http://vendor.localhost',
    'http://2130706433',
    'http://0x7f.1',
    'http://0.0.0.0:1',
    'http://[::1]:8080',
    'http://[::ffff:127.0.0.1]:8080',
  ])('may be %s with the development switch only', (given) => {
    expect(refused(given)).toBe('host-not-allowed');
    expect(refused(given, true)).toMatch(/^taken as/);
  });

  it('shows nothing of an address in its refusal (N8)', () => {
    const secret = 'test-password-4711';
    expect(() => baseUrlOf(`https://user:${secret}@eu.example.org`, manifest, false)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });

  it('is another one when scheme, name or port differ, and the same one below another path', () => {
    expect(isSameOrigin('https://a.example.com/x', 'https://a.example.com/y')).toBe(true);
    expect(isSameOrigin('https://a.example.com', 'https://b.example.com')).toBe(false);
    expect(isSameOrigin('https://a.example.com', 'https://a.example.com:8443')).toBe(false);
    expect(isSameOrigin('https://a.example.com', 'http://a.example.com')).toBe(false);
  });
});
