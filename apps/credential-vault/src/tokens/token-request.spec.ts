import { describe, expect, it } from '@jest/globals';
import type { AuthScheme, TokenRequest } from '@rollcall/contracts';
import { SecretString } from '@rollcall/secrets';
import fc from 'fast-check';

import { tokenCall, tokenFields, tokenUrlOf } from './token-request.js';

const token: TokenRequest = {
  url: 'https://login.example.com/{tenantId}/oauth2/token',
  urlInput: 'tokenUrl',
  clientId: '{clientId}',
  clientSecret: '{clientSecret}',
  clientIn: 'form',
  scope: '{scopes}',
};
const urlOf = (fields: Record<string, string>, allowLoopback = false) => tokenUrlOf(token, fields, allowLoopback);

describe('the address that tokens are asked at', () => {
  it.each(['contoso.example', '3f2b1c4d-0000-4000-8000-000000000000', 'a_b-c.d'])('takes the tenant %s', (tenantId) => {
    expect(urlOf({ tenantId })).toBe(`https://login.example.com/${tenantId}/oauth2/token`);
  });

  it.each(['', '..', '../evil', 'a/b', 'a%2Fb', 'a?b', 'a#b', 'a\\b', 'a b', '@evil.example', 'x\r\ny', '.hidden'])(
    'refuses the tenant %j, which is no plain name (N5)',
    (tenantId) => {
      expect(() => urlOf({ tenantId })).toThrow(/token URL is refused/);
    },
  );

  it('keeps host and number of segments whatever the tenant is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (tenantId) => {
        let url: URL;
        try {
          url = new URL(urlOf({ tenantId }));
        } catch {
          return;
        }
        expect(url.host).toBe('login.example.com');
        expect(url.pathname.split('/')).toEqual(['', tenantId.trim(), 'oauth2', 'token']);
        expect(url.search + url.hash).toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  it('prefers the address that was entered', () => {
    expect(urlOf({ tenantId: 't', tokenUrl: ' https://eu.example.com/token ' })).toBe('https://eu.example.com/token');
  });

  it.each([
    ['eu.example.com/token', /not an address/],
    ['http://eu.example.com/token', /encrypted only/],
    ['http://127.0.0.1:9/token', /encrypted only/],
    ['https://user:example@eu.example.com/token', /user name/],
    ['https://eu.example.com/token#x', /fragment/],
    ['file:///etc/passwd', /not an address/],
    ['ftp://eu.example.com/', /encrypted only/],
  ])('refuses %s', (tokenUrl, why) => {
    expect(() => urlOf({ tokenUrl })).toThrow(why);
  });

  it('takes this machine with the development switch only', () => {
    const tokenUrl = 'http://127.0.0.1:9/token';
    expect(urlOf({ tokenUrl }, true)).toBe(tokenUrl);
    expect(() => urlOf({ tokenUrl: 'http://10.0.0.1/token' }, true)).toThrow(/encrypted only/);
  });
});

describe('the token call (RFC 6749 4.4.2)', () => {
  const fields = { clientId: 'client 1', clientSecret: 'example+secret/&=ü', scopes: 'https://graph.example/.default' };

  it('carries the client in the form, encoded once', () => {
    const { headers, body } = tokenCall(token, fields, 'https://x.example');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client 1',
      client_secret: 'example+secret/&=ü',
      scope: 'https://graph.example/.default',
    });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('carries the client in a Basic header, both parts form-encoded (2.3.1)', () => {
    const { headers, body } = tokenCall({ ...token, clientIn: 'basic' }, fields, 'https://x.example');
    const pair = Buffer.from(headers['authorization']!.replace('Basic ', ''), 'base64').toString();
    expect(pair).toBe('client+1:example%2Bsecret%2F%26%3D%C3%BC');
    expect(body).not.toContain('client_secret');
  });

  it('sends no scope when there is none', () => {
    expect(tokenCall(token, { ...fields, scopes: '' }, 'https://x.example').body).not.toContain('scope');
  });
});

it('fills defaults where an input was left empty', () => {
  const input = (name: string, byDefault?: string): AuthScheme['inputs'][number] => ({
    name,
    label: name,
    secret: false,
    required: false,
    ...(byDefault === undefined ? {} : { default: byDefault }),
  });
  const inputs = [input('clientId'), input('scopes', 'example/.default'), input('tokenUrl')];
  expect(tokenFields({ inputs }, { clientId: new SecretString('id') })).toEqual({
    clientId: 'id',
    scopes: 'example/.default',
    tokenUrl: '',
  });
});
