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

const input = (name: string, secret: boolean, required = true) => ({ name, label: name, secret, required });

const oauth: AuthScheme = {
  type: 'oauth2-client-credentials',
  label: 'Client',
  inputs: [
    input('clientId', false),
    input('clientSecret', true),
    input('tokenUrl', false, false),
    { ...input('scopes', false, false), default: 'example.default' },
  ],
  placement: { kind: 'bearer', field: 'accessToken' },
  token: {
    url: 'https://login.example.com/token',
    urlInput: 'tokenUrl',
    clientId: '{clientId}',
    clientSecret: '{clientSecret}',
    clientIn: 'form',
    scope: '{scopes}',
  },
};

/** Vendors that exist in tests only. */
export const exampleManifests: Manifests = {
  'vendor-one': { id: 'vendor-one', baseUrl: 'https://api.one.example.com/v1', authSchemes: [basic, apiKey] },
  'vendor-oauth': { id: 'vendor-oauth', baseUrl: 'https://graph.example.com', authSchemes: [oauth] },
  'vendor-two': { id: 'vendor-two', baseUrl: 'https://two.example.com', authSchemes: [apiKey] },
};
