import { type ConnectorField, type ConnectorManifest } from '@rollcall/contracts';

import { presets, rolePresets } from './presets.js';

const field = (path: string, label: string, type: ConnectorField['type']): ConnectorField =>
  type === 'date-time' ? { path, label, type, date: { format: 'iso' } } : { path, label, type };

/** Field list of requirement R84; the two tracking values complete its 22. */
const fields: ConnectorField[] = [
  field('account_locked', 'Account Locked', 'boolean'),
  field('account_locked_date', 'Account Locked Date', 'date-time'),
  field('activated', 'Activated', 'boolean'),
  field('allow_public_key', 'Allow Public Key', 'boolean'),
  field('alternateEmail', 'Alternate Email', 'text'),
  field('company', 'Company', 'text'),
  field('created', 'Created', 'date-time'),
  field('disableDeviceMaxLoginAttempts', 'Disable Device Max Login Attempts', 'boolean'),
  field('displayname', 'Displayname', 'text'),
  field('email', 'Email', 'text'),
  field('employeeType', 'Employee Type', 'text'),
  field('firstname', 'First Name', 'text'),
  field('_id', 'ID', 'text'),
  field('jobTitle', 'Job Title', 'text'),
  field('lastname', 'Last Name', 'text'),
  field('manager', 'Manager', 'text'),
  field('password_expiration_date', 'Password Expiration Date', 'date-time'),
  field('password_expired', 'Password Expired', 'boolean'),
  field('state', 'State', 'text'),
  field('suspended', 'Suspended', 'boolean'),
];

export const manifest: ConnectorManifest = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  version: 1,
  description: 'Users of a JumpCloud organization, with their administrator roles, and actions on them.',
  documentation: [
    { label: 'JumpCloud API 1.0', url: 'https://docs.jumpcloud.com/api/1.0/index.html' },
    { label: 'Best practices', url: 'https://jumpcloud.com/support/best-practices-jumpcloud-api' },
  ],
  prerequisites: [
    {
      text: 'An API key of an administrator account made for this purpose: making a new key ends the old one.',
      url: 'https://jumpcloud.com/support/best-practices-jumpcloud-api',
    },
    { text: 'For administrators of several organizations: the id of the organization to read.' },
    {
      text: 'For organizations in the EU or India, the base URL https://console.eu.jumpcloud.com/api or https://console.in.jumpcloud.com/api.',
    },
  ],
  baseUrl: 'https://console.jumpcloud.com/api',
  authSchemes: [
    {
      type: 'api-key',
      label: 'API key',
      inputs: [
        {
          name: 'key',
          label: 'API key',
          foundAt: {
            text: 'In the Admin Portal, in the menu of your own account: My API Key. It is shown when it is made.',
            url: 'https://jumpcloud.com/support/best-practices-jumpcloud-api',
          },
          secret: true,
          required: true,
        },
        {
          name: 'apiId',
          label: 'API ID',
          hint: 'Not needed: JumpCloud accepts the key alone.',
          secret: false,
          required: false,
        },
      ],
      placement: { kind: 'header', name: 'x-api-key', field: 'key' },
    },
  ],
  inputs: [
    {
      name: 'orgId',
      label: 'Organization ID',
      hint: 'Only for administrators of several organizations.',
      secret: false,
      required: false,
    },
  ],
  loads: [{ id: 'users', label: 'JumpCloud User Load' }],
  installationTypes: ['cloud', 'local'],
  fields,
  trackingLabels: { syncTime: 'Connector Sync Time', credentialName: 'Connect: Credentials' },
  // No limit is published; the vendor blocks addresses that ask too much, so it stays modest.
  rateBudget: { capacity: 20, perSecond: 20 },
  capabilities: {
    role: 'vendor',
    lastActivity: false,
    confirmById: true,
    statesTotal: true,
    marksAdministrators: true,
  },
  presets,
  rolePresets,
  app: { catalogueId: 'jumpcloud', name: 'JumpCloud', category: 'Directory' },
  defaultMapping: {
    entries: [
      { to: 'username', from: { kind: 'field', path: 'email' } },
      { to: 'email', from: { kind: 'field', path: 'email' } },
      { to: 'first_name', from: { kind: 'field', path: 'firstname' } },
      { to: 'last_name', from: { kind: 'field', path: 'lastname' } },
      { to: 'display_name', from: { kind: 'field', path: 'displayname' } },
      { to: 'job_title', from: { kind: 'field', path: 'jobTitle' } },
      { to: 'role', from: { kind: 'constant', value: 'Employee' } },
      { to: 'jump_cloud_user_id', from: { kind: 'field', path: '_id' } },
    ],
    syncKeys: ['email'],
    newFields: [
      {
        variable: 'jump_cloud_user_id',
        label: 'JumpCloud User Id',
        type: 'short-text',
        unique: true,
        required: false,
        caseSensitive: true,
      },
    ],
  },
};
