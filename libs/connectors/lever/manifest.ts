import { type ConnectorField, type ConnectorManifest } from '@rollcall/contracts';

import { presets, rolePresets } from './presets.js';

/** Field list of requirement R83 with the e-mail that its mapping needs; the sync time is a tracking value. */
const fields: ConnectorField[] = [
  { path: 'createdAt', label: 'Created at Timestamp', type: 'date-time', date: { format: 'epoch-ms' } },
  { path: 'email', label: 'Email', type: 'text' },
  { path: 'id', label: 'Id', type: 'text' },
  { path: 'username', label: 'Login name', type: 'text' },
  { path: 'name', label: 'Name', type: 'text' },
  { path: 'accessRole', label: "User's role", type: 'text' },
];

const documentation = 'https://hire.lever.co/developer/documentation';

export const manifest: ConnectorManifest = {
  id: 'lever',
  name: 'Lever',
  version: 1,
  description: 'Users of a Lever account, with their access roles, and their deactivation.',
  documentation: [
    { label: 'Users', url: `${documentation}#users` },
    { label: 'Authentication', url: `${documentation}#authentication` },
    { label: 'Rate limits', url: `${documentation}#rate-limits` },
  ],
  prerequisites: [
    {
      text: 'An API key with the permissions to read users, list users and list tags.',
      url: `${documentation}#authentication`,
    },
    {
      text: 'For the preset Delete User the key also needs the permission to deactivate users.',
      url: `${documentation}#users`,
    },
  ],
  baseUrl: 'https://api.lever.co/v1',
  authSchemes: [
    {
      type: 'basic',
      label: 'API key as user name',
      inputs: [
        {
          name: 'username',
          label: 'API key',
          foundAt: {
            text: 'In the settings of Lever under Integrations and API > API Credentials. It is shown once, when it is made.',
            url: `${documentation}#authentication`,
          },
          secret: true,
          required: true,
        },
        {
          name: 'password',
          label: 'Password',
          hint: 'Lever does not look at it: any value will do, even one space.',
          foundAt: { text: 'There is none to look for.' },
          secret: true,
          required: true,
        },
      ],
      placement: { kind: 'basic', username: 'username', password: 'password' },
    },
  ],
  inputs: [],
  loads: [{ id: 'users', label: 'Lever User Load' }],
  installationTypes: ['cloud', 'local'],
  permissions: { list: 'the permission to list users', get: 'the permission to read users' },
  fields,
  trackingLabels: { syncTime: 'Connector Sync Time', credentialName: null },
  // As documented: ten a second for each key, twenty at once.
  rateBudget: { capacity: 20, perSecond: 10 },
  capabilities: {
    role: 'vendor',
    lastActivity: false,
    confirmById: true,
    statesTotal: false,
    marksAdministrators: true,
  },
  presets,
  rolePresets,
  app: { catalogueId: 'lever', name: 'Lever', category: 'Recruiting' },
  defaultMapping: {
    entries: [
      { to: 'username', from: { kind: 'field', path: 'email' } },
      { to: 'email', from: { kind: 'field', path: 'email' } },
      { to: 'display_name', from: { kind: 'field', path: 'name' } },
      { to: 'role', from: { kind: 'constant', value: 'Employee' } },
      { to: 'lever_id', from: { kind: 'field', path: 'id' } },
    ],
    syncKeys: ['email'],
    newFields: [
      {
        variable: 'lever_id',
        label: 'Lever ID',
        type: 'short-text',
        unique: true,
        required: false,
        caseSensitive: true,
      },
    ],
  },
};
