import { describe, expect, it } from '@jest/globals';

import { EgressError } from './egress.errors.js';
import { checkUrl, parseEgressUrl, sameOrigin, type UrlPolicy } from './egress-url.js';
import { HostList } from './host-list.js';

const policy = (overrides: Partial<UrlPolicy> & { allowed?: string[] } = {}): UrlPolicy => ({
  hosts: new HostList(overrides.allowed ?? ['api.vendor.example', '*.tenant.example']),
  ports: new Set([8443]),
  allowHttp: false,
  allowLoopback: false,
  ...overrides,
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(EgressError);
    return (error as EgressError).code;
  }
  return 'allowed';
}

describe('checkUrl', () => {
  it.each([
    'https://api.vendor.example/users?limit=1',
    'https://API.vendor.example/users',
    'https://api.vendor.example:443/',
    'https://api.vendor.example:8443/',
    'https://one.tenant.example/',
    'https://two.one.tenant.example',
    'https://api.vendor.example?x=http://127.0.0.1/@',
  ])('allows %s', (url) => {
    expect(codeOf(() => checkUrl(url, policy()))).toBe('allowed');
  });

  it.each([
    ['2130706433'],
    ['0x7f000001'],
    ['0x7f.1'],
    ['0177.0.0.1'],
    ['127.1'],
    ['0'],
    ['①②⑦.⓪.⓪.①'],
    ['127.0.0.1'],
    ['api。vendor.example'],
    ['vendör.example'],
    ['localhost.'],
    ['api.vendor.example.'],
    ['localhost'],
    ['intranet'],
    ['user@api.vendor.example'],
    ['user:example-password@api.vendor.example'],
    ['api.vendor.example@127.0.0.1'],
    ['api.vendor.example%00'],
    ['api.vendor.example%2f.evil.example'],
    ['[fe80::1%25eth0]'],
    ['api.vendor.example:22'],
    ['api.vendor.example:25'],
    ['api.vendor.example:6379'],
    ['api.vendor.example:9092'],
    ['api.vendor.example:27017'],
    ['api.vendor.example:80'],
    ['api.vendor.example:99999'],
    ['api.vendor.example:443:443'],
    ['-'],
  ])('never lets https://%s/ be asked (P27)', (authority) => {
    expect(['blocked-url', 'host-not-allowed']).toContain(codeOf(() => checkUrl(`https://${authority}/`, policy())));
  });

  it.each([
    'http://api.vendor.example/',
    'https:/api.vendor.example/',
    'https:api.vendor.example',
    'https:\\\\api.vendor.example\\',
    'https://api.vendor.example\\@127.0.0.1/',
    '//api.vendor.example/',
    '/users',
    '',
    'https://',
    'https:///api.vendor.example',
    'https://#@api.vendor.example',
    'https://api.vendor.example/\nx',
    'https://api.vendor.example/\tx',
    'https://api.ven\tdor.example/',
    ' https://api.vendor.example/',
    'https://api.vendor.example/a b',
    'https://api.vendor.example/\u0000',
    'file:///etc/passwd',
    'data:text/plain,x',
    'gopher://api.vendor.example/',
    'unix:/var/run/docker.sock',
    'javascript:alert(1)',
    'ftp://api.vendor.example/',
    'ws://api.vendor.example/',
    'blob:https://api.vendor.example/1',
    `https://api.vendor.example/${'x'.repeat(64 * 1024)}`,
  ])('refuses %p as no plain https address (P27)', (url) => {
    expect(codeOf(() => checkUrl(url, policy()))).toBe('blocked-url');
  });

  it.each([
    'https://other.example/',
    'https://tenant.example/',
    'https://eviltenant.example/',
    'https://api.vendor.example.evil.example/',
  ])('refuses %s because its host is not on the list', (url) => {
    expect(codeOf(() => checkUrl(url, policy()))).toBe('host-not-allowed');
  });

  it.each([
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '１２７.0.0.1',
    'localhost.',
    'LOCALHOST.',
    'ⓛocalhost',
    'user@127.0.0.1',
    ':@127.0.0.1',
    '@127.0.0.1',
    '%31%32%37.0.0.1',
  ])('refuses %s as a spelling of a host that is itself allowed (N6)', (authority) => {
    const open = policy({ allowed: ['127.0.0.1', 'localhost'], allowHttp: true, allowLoopback: true });
    expect(codeOf(() => checkUrl(`http://${authority}/`, open))).toBe('blocked-url');
  });

  it('refuses a name with a dot at its end and one without any, although listed', () => {
    const open = policy({ allowed: ['intranet'] });
    expect(codeOf(() => checkUrl('https://intranet/', open))).toBe('blocked-url');
    expect(codeOf(() => checkUrl('https://one.tenant.example./', policy()))).toBe('blocked-url');
  });

  it('allows http and any loopback port only by the development switches', () => {
    const allowed = ['127.0.0.1', 'localhost', '[::1]'];
    const urls = ['http://127.0.0.1:3999/', 'http://localhost:3999/', 'http://[::1]:3999/'];
    for (const url of urls) {
      expect(codeOf(() => checkUrl(url, policy({ allowed, allowHttp: true, allowLoopback: true })))).toBe('allowed');
      expect(codeOf(() => checkUrl(url, policy({ allowed, allowHttp: true })))).toBe('blocked-url');
      expect(codeOf(() => checkUrl(url, policy({ allowed, allowLoopback: true })))).toBe('blocked-url');
    }
  });

  it('tells nothing of the URL but its host', () => {
    const secret = 'example-canary-in-query';
    for (const url of [
      `https://other.example/?key=${secret}`,
      `https://u:${secret}@other.example/`,
      `ht!tp://${secret}`,
    ]) {
      expect(() => checkUrl(url, policy())).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }) as unknown as Error,
      );
    }
  });

  it('drops the fragment and keeps the rest', () => {
    expect(checkUrl('https://api.vendor.example/a?b=c#d', policy()).href).toBe('https://api.vendor.example/a?b=c');
  });
});

describe('HostList', () => {
  it.each(['*', '*.com', '*.', 'a b', 'https://api.vendor.example', 'api.vendor.example:443', '*.*.example', ''])(
    'refuses the pattern %p',
    (pattern) => {
      expect(() => new HostList([pattern])).toThrow('is not an allowed host');
    },
  );

  it('allows nothing when empty', () => {
    expect(codeOf(() => checkUrl('https://api.vendor.example/', policy({ allowed: [] })))).toBe('host-not-allowed');
  });
});

describe('sameOrigin', () => {
  const base = 'https://api.vendor.example/v1/users';
  it('holds for other paths and queries of the same scheme, host and port', () => {
    expect(sameOrigin(base, 'https://api.vendor.example/v2?after=x')).toBe(true);
    expect(sameOrigin(base, 'https://api.vendor.example:443/v2')).toBe(true);
  });

  it.each([
    'http://api.vendor.example/v1',
    'https://api.vendor.example:8443/v1',
    'https://evil.example/v1',
    'https://api.vendor.example@evil.example/',
    'https://user@api.vendor.example/v1',
    'https://api.vendor.example.evil.example/',
    'https:\\\\api.vendor.example',
    '//api.vendor.example/v1',
    '/v1?after=x',
    'https://169.254.169.254/',
    '',
  ])('does not hold for %p (V22)', (url) => {
    expect(sameOrigin(base, url)).toBe(false);
  });
});

describe('parseEgressUrl', () => {
  it('keeps international names in their ASCII form', () => {
    expect(parseEgressUrl('https://xn--vendr-nua.example/').hostname).toBe('xn--vendr-nua.example');
  });
});
