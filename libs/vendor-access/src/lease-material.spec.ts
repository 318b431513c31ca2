import { describe, expect, it } from '@jest/globals';
import { advancedSchemes, type ConnectorManifest, type LeaseMaterial } from '@rollcall/contracts';
import { onSecretUnwrapped, SecretString } from '@rollcall/secrets';

import { materialOf } from './lease-material.js';

const manifest = { id: 'example-vendor', authSchemes: [] as unknown } as ConnectorManifest;

function told(type: LeaseMaterial['type'], fields: Record<string, string>, connector = manifest.id): string[] {
  const heard: string[] = [];
  const stop = onSecretUnwrapped((text) => heard.push(text));
  const wrapped = Object.entries(fields).map(([name, value]) => [name, new SecretString(value)] as const);
  const versions = { credential: 'c', secretVersion: 1, tokenVersion: null };
  const baseUrl = 'https://vendor.example.com';
  const opened = { ...versions, connector, type, advanced: true, baseUrl, fields: Object.fromEntries(wrapped) };
  expect(materialOf(opened, manifest).fields).toEqual(fields);
  stop();
  return heard;
}

describe('the fields of a lease in clear', () => {
  it.each(advancedSchemes)(
    'are told to logs as secrets where $label declares them so, and not else',
    ({ type, inputs }) => {
      const fields = Object.fromEntries(inputs.map(({ name }) => [name, `example-${name}`]));
      expect(told(type, fields)).toEqual(inputs.flatMap(({ name, secret }) => (secret ? [`example-${name}`] : [])));
    },
  );

  it('are secrets when nobody declared them: tokens, fields of no input, and those of another connector', () => {
    expect(told('oauth2-client-credentials', { accessToken: 'test-token', clientId: 'test-id' })).toEqual([
      'test-token',
    ]);
    expect(told('basic', { username: 'test-name', unheardOf: 'test-other' })).toEqual(['test-other']);
    expect(told('basic', { username: 'test-name' }, 'other-vendor')).toEqual(['test-name']);
  });

  it('hold secret headers that are told one by one, as they stand in requests', () => {
    const headers = 'X-Tenant: acme\nAuthorization: Bearer t0k3n';
    expect(told('bearer', { token: 'test-token', headers })).toEqual(['test-token', headers, 'Bearer t0k3n', 't0k3n']);
  });
});
