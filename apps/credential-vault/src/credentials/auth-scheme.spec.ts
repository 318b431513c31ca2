import { describe, expect, it } from '@jest/globals';

import { exampleManifests } from '../../test/manifests.js';
import { authSchemeOf, checkFields, manifestOf } from './auth-scheme.js';

const coded = (code: string) => expect.objectContaining({ code });

describe('the auth scheme of a credential', () => {
  const scheme = authSchemeOf(manifestOf(exampleManifests, 'vendor-one'), 'basic');

  it.each(['vendor-three', '__proto__', 'constructor', 'toString'])('is unknown for the connector %s', (connector) => {
    expect(() => manifestOf(exampleManifests, connector)).toThrow(coded('unknown-connector'));
  });

  it('is one of those that the connector offers, which the refusal names', () => {
    const manifest = manifestOf(exampleManifests, 'vendor-two');
    expect(() => authSchemeOf(manifest, 'basic')).toThrow(
      expect.objectContaining({ code: 'unknown-auth-scheme', message: expect.stringContaining('api-key') }),
    );
  });

  it('wants every required field and takes optional ones', () => {
    expect(() => checkFields(scheme, ['username', 'password'])).not.toThrow();
    expect(() => checkFields(scheme, ['username', 'password', 'note'])).not.toThrow();
    expect(() => checkFields(scheme, ['username', 'note'])).toThrow(
      expect.objectContaining({ code: 'missing-secret', message: expect.stringContaining('Password') }),
    );
  });

  it('takes fields that belong together all at once or not at all, and names the absent ones', () => {
    const paired = {
      ...scheme,
      inputs: [...scheme.inputs, { name: 'mark', label: 'Mark', secret: false, required: false }],
      together: ['note', 'mark'],
    };
    expect(() => checkFields(paired, ['username', 'password'])).not.toThrow();
    expect(() => checkFields(paired, ['username', 'password', 'note', 'mark'])).not.toThrow();
    expect(() => checkFields(paired, ['username', 'password', 'note'])).toThrow(
      expect.objectContaining({ code: 'missing-secret', message: expect.stringContaining('Mark') }),
    );
  });

  it('refuses fields that it does not have instead of losing them', () => {
    expect(() => checkFields(scheme, ['username', 'password', 'token'])).toThrow(coded('unknown-secret'));
  });
});
