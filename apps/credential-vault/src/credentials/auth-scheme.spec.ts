import { describe, expect, it } from '@jest/globals';
import type { CredentialType } from '@rollcall/contracts';
import { SecretString } from '@rollcall/secrets';

import { exampleManifests } from '../../test/manifests.js';
import { authSchemeOf, checkFields, checkNames, manifestOf } from './auth-scheme.js';

const given = (fields: Record<string, string>) =>
  new Map(Object.entries(fields).map(([name, value]) => [name, new SecretString(value)]));
const some = (...names: string[]) => given(Object.fromEntries(names.map((name) => [name, 'example'])));
const coded = (code: string) => expect.objectContaining({ code });

describe('the auth scheme of a credential', () => {
  const scheme = authSchemeOf(manifestOf(exampleManifests, 'vendor-one'), { type: 'basic', advanced: false });

  it.each(['vendor-three', '__proto__', 'constructor', 'toString'])('is unknown for the connector %s', (connector) => {
    expect(() => manifestOf(exampleManifests, connector)).toThrow(coded('unknown-connector'));
  });

  it('is one of those that the connector offers, which the refusal names', () => {
    const manifest = manifestOf(exampleManifests, 'vendor-two');
    expect(() => authSchemeOf(manifest, { type: 'basic', advanced: false })).toThrow(
      expect.objectContaining({ code: 'unknown-auth-scheme', message: expect.stringContaining('api-key') }),
    );
  });

  it('wants every required field and takes optional ones', () => {
    expect(() => checkFields(scheme, some('username', 'password'))).not.toThrow();
    expect(() => checkFields(scheme, some('username', 'password', 'note'))).not.toThrow();
    expect(() => checkFields(scheme, some('username', 'note'))).toThrow(
      expect.objectContaining({ code: 'missing-secret', message: expect.stringContaining('Password') }),
    );
  });

  it('takes fields that belong together all at once or not at all, and names the absent ones', () => {
    const paired = {
      ...scheme,
      inputs: [...scheme.inputs, { name: 'mark', label: 'Mark', secret: false, required: false }],
      together: ['note', 'mark'],
    };
    expect(() => checkFields(paired, some('username', 'password'))).not.toThrow();
    expect(() => checkFields(paired, some('username', 'password', 'note', 'mark'))).not.toThrow();
    expect(() => checkFields(paired, some('username', 'password', 'note'))).toThrow(
      expect.objectContaining({ code: 'missing-secret', message: expect.stringContaining('Mark') }),
    );
  });

  it('refuses fields that it does not have instead of losing them', () => {
    expect(() => checkNames(scheme, ['username', 'password', 'token'])).toThrow(coded('unknown-secret'));
  });
});

describe('a type of Advanced Mode', () => {
  const schemeOf = (type: CredentialType) =>
    authSchemeOf(manifestOf(exampleManifests, 'vendor-two'), { type, advanced: true });

  it('is there for every connector, whatever that offers itself', () => {
    expect(schemeOf('basic').inputs.map(({ name }) => name)).toEqual(['username', 'password', 'headers']);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a place that there is not', { addTo: 'cookie' }, /"Add to" .*header, query, body/],
    ['a name that is no header', { tokenName: 'x api key' }, /"Token name" .*letters, digits and dashes/],
    ['a header of the connection itself', { tokenName: 'Host' }, /"Token name" .*set by Rollcall itself/],
    ['a further header without a colon', { headers: 'X-One 1' }, /"Further headers" .*line 1: it has no colon/],
    ['a further header twice', { headers: 'X-One: 1\nx-one: 2' }, /x-one is there twice/],
    ['a value that would begin another header', { headers: 'X-One: a\u0000b' }, /characters that no header can carry/],
  ])('refuses %s, and says so without any value', (_, change, words) => {
    const fields = given({ tokenName: 'x-api-key', key: 'example-key', ...change });
    expect(() => checkFields(schemeOf('api-key'), fields)).toThrow(
      expect.objectContaining({ code: 'invalid-secret', message: expect.stringMatching(words) }),
    );
  });

  it('takes any name of a parameter, because only a header has a grammar', () => {
    const fields = given({ tokenName: 'api key', key: 'example-key', addTo: 'query' });
    expect(() => checkFields(schemeOf('api-key'), fields)).not.toThrow();
  });

  it('takes no refresh token from people, because the vendor gives it', () => {
    expect(() => checkNames(schemeOf('oauth2-authorization-code'), ['refreshToken'])).toThrow(coded('unknown-secret'));
  });
});
