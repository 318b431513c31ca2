import { type ConnectorField, type ConnectorManifest } from '@rollcall/contracts';

import { presets, rolePresets } from './presets.js';

type FieldType = ConnectorField['type'];

/** The vendor's dates carry no zone; they are US Eastern (see README, inferred). */
const localTime = { format: 'yyyy-mm-dd hh:mm:ss', zone: 'America/New_York' } as const;

const field = (path: string, label: string, type: FieldType): ConnectorField =>
  type === 'date-time' ? { path, label, type, date: localTime } : { path, label, type };

/** Field list of requirement R80; the eighteenth, the sync time, is a tracking value. */
const fields: ConnectorField[] = [
  field('admin', 'Admin', 'boolean'),
  field('applications', 'Applications', 'number'),
  field('attachments', 'Attachments', 'number'),
  field('created', 'Created', 'date-time'),
  field('disabled', 'Disabled', 'boolean'),
  field('duousername', 'Duo Username', 'text'),
  field('formfills', 'Formfills', 'number'),
  field('fullname', 'Fullname', 'text'),
  field('last_login', 'Last Login', 'date-time'),
  field('last_pw_change', 'Last Password Change', 'date-time'),
  field('mpstrength', 'MP Strength', 'text'),
  field('neverloggedin', 'Never Logged In', 'boolean'),
  field('notes', 'Notes', 'number'),
  field('password_reset_required', 'Password Reset Required', 'boolean'),
  field('sites', 'Sites', 'number'),
  field('totalscore', 'Totalscore', 'text'),
  field('username', 'Username', 'text'),
];

/** The vendor's page "Where can I find the CID (account number) and API secret?". */
const whereToFind = 'https://support.lastpass.com/help/where-can-i-find-the-cid-and-api-secret';
const cidFoundAt = {
  text: 'At the top of the dashboard of the LastPass Admin Console: "Account number".',
  url: whereToFind,
};
const hashFoundAt = {
  text: 'In the Admin Console under Advanced > Enterprise API. It is shown when it is made; making another one ends it.',
  url: whereToFind,
};

const shortText = (variable: string, label: string) =>
  ({ variable, label, type: 'short-text', unique: false, required: false }) as const;

export const manifest: ConnectorManifest = {
  id: 'lastpass',
  name: 'LastPass',
  version: 1,
  description: 'Users of a LastPass business account, with their last login, and actions on them.',
  documentation: [
    { label: 'Account number (CID) and provisioning hash (API secret)', url: whereToFind },
    { label: 'Calls and their fields', url: 'https://support.lastpass.com/help/disable-users-via-lastpass-api' },
    { label: 'Times and reports', url: 'https://support.lastpass.com/help/event-reporting-via-lastpass-api' },
  ],
  prerequisites: [
    {
      text: 'The account number (CID) of the LastPass business account, shown in its Admin Console.',
      url: whereToFind,
    },
    { text: 'A provisioning hash (API secret), made in the same Admin Console.', url: whereToFind },
  ],
  baseUrl: 'https://lastpass.com',
  authSchemes: [
    {
      type: 'basic',
      label: 'User name and password, with account number and provisioning hash',
      inputs: [
        {
          name: 'username',
          label: 'User name',
          hint: 'Without an account number below, this is taken for it.',
          secret: false,
          required: true,
          ownUser: true,
        },
        {
          name: 'password',
          label: 'Password',
          hint: 'Without a provisioning hash below, this is taken for it.',
          foundAt: { text: 'That of the user, or the provisioning hash.', url: whereToFind },
          secret: true,
          required: true,
        },
        { name: 'cid', label: 'Account number (CID)', foundAt: cidFoundAt, secret: false, required: false },
        {
          name: 'provhash',
          label: 'Provisioning hash (API secret)',
          foundAt: hashFoundAt,
          secret: true,
          required: false,
        },
      ],
      together: ['cid', 'provhash'],
      // The form is "basic", but on the wire only these two fields of the body count.
      placement: {
        kind: 'body',
        fields: {
          cid: { field: 'cid', orField: 'username', as: 'integer-if-digits' },
          provhash: { field: 'provhash', orField: 'password', as: 'string' },
        },
      },
    },
    {
      type: 'api-key',
      label: 'Account number and provisioning hash',
      inputs: [
        { name: 'cid', label: 'Account number (CID)', foundAt: cidFoundAt, secret: false, required: true },
        {
          name: 'provhash',
          label: 'Provisioning hash (API secret)',
          foundAt: hashFoundAt,
          secret: true,
          required: true,
        },
      ],
      placement: {
        kind: 'body',
        fields: {
          cid: { field: 'cid', as: 'integer-if-digits' },
          provhash: { field: 'provhash', as: 'string' },
        },
      },
    },
  ],
  credentialRefusedText: 'Authorization Error',
  inputs: [],
  loads: [{ id: 'users', label: 'LastPass User Load' }],
  installationTypes: ['cloud', 'local'],
  fields,
  trackingLabels: { syncTime: 'User Load Connector Sync Time', credentialName: null },
  // No limit is published; ten pages of 500 a second is more than a company has.
  rateBudget: { capacity: 10, perSecond: 10 },
  capabilities: {
    role: 'default',
    lastActivity: true,
    confirmById: true,
    statesTotal: true,
    marksAdministrators: true,
  },
  presets,
  rolePresets,
  app: { catalogueId: 'lastpass', name: 'LastPass', category: 'Password management' },
  defaultMapping: {
    entries: [
      { to: 'username', from: { kind: 'field', path: 'username' } },
      { to: 'email', from: { kind: 'field', path: 'username' } },
      { to: 'display_name', from: { kind: 'field', path: 'fullname' } },
      { to: 'role', from: { kind: 'constant', value: 'Employee' } },
      { to: 'lastpass_users_created', from: { kind: 'field', path: 'created' } },
      { to: 'lastpass_users_last_login', from: { kind: 'field', path: 'last_login' } },
      { to: 'lastpass_users_last_password_change', from: { kind: 'field', path: 'last_pw_change' } },
    ],
    syncKeys: ['email'],
    // Short text keeps the vendor's own text of its dates (R67, R68).
    newFields: [
      shortText('lastpass_users_created', 'LastPass Users Created'),
      shortText('lastpass_users_last_login', 'LastPass Users Last Login'),
      shortText('lastpass_users_last_password_change', 'LastPass Users Last Password Change'),
    ],
  },
};
