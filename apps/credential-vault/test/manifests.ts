import type { AuthScheme } from '@rollcall/contracts';

import type { Manifests } from '../src/manifests.module.js';

const basic: AuthScheme = {
  type: 'basic',
  label: 'User name and password',
  inputs: [
    { name: 'username', label: 'User name', secret: false, required: true },
    { name: 'password', label: 'Password', secret: true, required: true },
    { name: 'note', label: 'Note', secret: true, required: false },
  ],
  placement: { kind: 'basic', username: 'username', password: 'password' },
};

const apiKey: AuthScheme = {
  type: 'api-key',
  label: 'API key',
  inputs: [{ name: 'key', label: 'API key', secret: true, required: true }],
  placement: { kind: 'header', name: 'x-api-key', field: 'key' },
};

/** Vendors that exist in tests only. */
export const exampleManifests: Manifests = {
  'vendor-one': { id: 'vendor-one', baseUrl: 'https://api.one.example.com/v1', authSchemes: [basic, apiKey] },
  'vendor-two': { id: 'vendor-two', baseUrl: 'https://two.example.com', authSchemes: [apiKey] },
};
