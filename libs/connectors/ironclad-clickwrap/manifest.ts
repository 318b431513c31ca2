import { type ConnectorField, type ConnectorManifest } from '@rollcall/contracts';

import { presets, rolePresets } from './presets.js';

/** Field list of requirement R81; the two tracking values complete its nine. */
const fields: ConnectorField[] = [
  { path: 'email', label: 'Email', type: 'text' },
  { path: 'locale', label: 'Locale', type: 'text' },
  { path: 'name', label: 'Name', type: 'text' },
  { path: 'time_zone', label: 'Time Zone', type: 'text' },
  { path: 'id', label: 'User Id', type: 'number' },
  { path: 'verified', label: 'Verified', type: 'boolean' },
  { path: 'verified_time', label: 'Verified Time', type: 'date-time', date: { format: 'iso' } },
];

const reference = 'https://clickwrap-developer.ironcladapp.com/reference';
const tokens = 'https://clickwrap-developer.ironcladapp.com/docs/getting-your-access-token';

export const manifest: ConnectorManifest = {
  id: 'ironclad-clickwrap',
  name: 'Ironclad Clickwrap',
  version: 1,
  description:
    'Users of an Ironclad Clickwrap account (formerly PactSafe). It has no inactive users: who left is missing.',
  documentation: [
    { label: 'Members of an account', url: `${reference}/retrieve-user-memberships-for-an-account-1` },
    { label: 'Sites', url: `${reference}/get_sites` },
    { label: 'Pagination', url: `${reference}/pagination` },
    { label: 'Rate limits', url: `${reference}/rate-limits` },
    { label: 'Access tokens', url: tokens },
  ],
  prerequisites: [
    {
      text: 'The access token of an API key, registered in the web application and shown there once, beside its client secret.',
      url: tokens,
    },
    {
      text: 'Make the key with a service account: when its user is removed, the tokens go to the owner of the site or end.',
      url: tokens,
    },
  ],
  baseUrl: 'https://api.pactsafe.com/v1.1',
  authSchemes: [
    {
      type: 'bearer',
      label: 'Access token',
      inputs: [
        {
          name: 'accessToken',
          label: 'Access token',
          hint: 'It belongs to the person who registers the key.',
          foundAt: { text: 'In the web application, once, when an API key is registered.', url: tokens },
          secret: true,
          required: true,
        },
      ],
      placement: { kind: 'bearer', field: 'accessToken' },
    },
    {
      type: 'oauth2-client-credentials',
      label: 'Client ID and client secret (experimental)',
      inputs: [
        { name: 'clientId', label: 'Client ID', secret: false, required: true },
        {
          name: 'clientSecret',
          label: 'Client secret',
          foundAt: { text: 'In the web application, beside the access token of a registered API key.', url: tokens },
          secret: true,
          required: true,
        },
        {
          name: 'tokenUrl',
          label: 'Token URL',
          hint: 'The vendor does not publish the address that gives tokens for this API. Empty means that of its contract product, whose tokens may not be accepted here. Ask the vendor, or take the access token instead.',
          secret: false,
          required: false,
        },
      ],
      placement: { kind: 'bearer', field: 'accessToken' },
      token: {
        url: 'https://na1.ironcladapp.com/oauth/token',
        urlInput: 'tokenUrl',
        clientId: '{clientId}',
        clientSecret: '{clientSecret}',
        clientIn: 'form',
      },
    },
  ],
  inputs: [
    {
      name: 'accountId',
      label: 'Account ID',
      hint: 'Only if the key sees the sites of several accounts.',
      secret: false,
      required: false,
    },
  ],
  loads: [{ id: 'users', label: 'Ironclad Clickwrap User Load' }],
  // OAuth needs the vault (R35).
  installationTypes: ['cloud'],
  fields,
  trackingLabels: { syncTime: 'Connector Sync Time', credentialName: 'Connect: Credentials' },
  // As documented: 2000 a minute for each token, so even the bucket and a minute's refill together stay below it.
  rateBudget: { capacity: 50, perSecond: 30 },
  capabilities: {
    role: 'none',
    lastActivity: false,
    confirmById: false,
    statesTotal: true,
    marksAdministrators: false,
  },
  presets,
  rolePresets,
  app: { catalogueId: 'ironclad-clickwrap', name: 'Ironclad Clickwrap', category: 'Contracts' },
  defaultMapping: {
    entries: [
      { to: 'username', from: { kind: 'field', path: 'email' } },
      { to: 'email', from: { kind: 'field', path: 'email' } },
      { to: 'display_name', from: { kind: 'field', path: 'name' } },
      { to: 'role', from: { kind: 'constant', value: 'Employee' } },
      { to: 'ironclad_clickwrap_user_id', from: { kind: 'field', path: 'id' } },
    ],
    syncKeys: ['email'],
    newFields: [
      {
        variable: 'ironclad_clickwrap_user_id',
        label: 'Ironclad Clickwrap User Id',
        type: 'short-text',
        unique: true,
        required: false,
        caseSensitive: true,
      },
    ],
  },
};
