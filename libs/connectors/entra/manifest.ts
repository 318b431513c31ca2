import { type ConnectorField, type ConnectorManifest } from '@rollcall/contracts';

import { presets, rolePresets } from './presets.js';

const field = (path: string, label: string, type: ConnectorField['type']): ConnectorField =>
  type === 'date-time' ? { path, label, type, date: { format: 'iso' } } : { path, label, type };

/** Field list of requirement R82; the thirty-third, the sync time, is a tracking value. */
const fields: ConnectorField[] = [
  field('ageGroup', 'Age Group', 'text'),
  field('city', 'City', 'text'),
  field('companyName', 'Company Name', 'text'),
  field('consentProvidedForMinor', 'Consent Provided For Minor', 'text'),
  field('createdDateTime', 'Creation Date', 'date-time'),
  field('creationType', 'Creation Type', 'text'),
  field('department', 'Department', 'text'),
  field('displayName', 'Display Name', 'text'),
  field('employeeHireDate', 'Employee Hire Date', 'date-time'),
  field('employeeId', 'Employee ID', 'text'),
  field('employeeType', 'Employee Type', 'text'),
  field('faxNumber', 'Fax number', 'text'),
  field('givenName', 'Given Name', 'text'),
  field('id', 'ID', 'text'),
  field('accountEnabled', 'Is Account Enabled', 'boolean'),
  field('isResourceAccount', 'Is Resource Account', 'boolean'),
  field('jobTitle', 'Job Title', 'text'),
  field('lastPasswordChangeDateTime', 'Last Password Change Date', 'date-time'),
  field('legalAgeGroupClassification', 'Legal Age Group', 'text'),
  field('mail', 'Mail', 'text'),
  field('mailNickname', 'Mail Nickname', 'text'),
  field('mobilePhone', 'Mobile Phone', 'text'),
  field('officeLocation', 'Office Location', 'text'),
  field('passwordPolicies', 'Password Policies', 'text'),
  field('postalCode', 'Postal Code', 'text'),
  field('preferredLanguage', 'Preferred Language', 'text'),
  field('state', 'State', 'text'),
  field('streetAddress', 'Street', 'text'),
  field('surname', 'Surname', 'text'),
  field('usageLocation', 'Usage Location', 'text'),
  field('userPrincipalName', 'User Principal Name', 'text'),
  field('userType', 'User Type', 'text'),
];

/** The load that asks for a filter (R21, R56). */
export const filteringLoad = 'users-with-filtering';

/** The word that stands for "no filter" (R57). */
export const noFilter = 'Default';

export const manifest: ConnectorManifest = {
  id: 'entra',
  name: 'Microsoft Entra ID',
  version: 1,
  description: 'Users of a Microsoft Entra ID directory, all of them or those that a filter lets through.',
  documentation: [
    { label: 'List users', url: 'https://learn.microsoft.com/en-us/graph/api/user-list?view=graph-rest-1.0' },
    { label: 'Filter parameter', url: 'https://learn.microsoft.com/en-us/graph/filter-query-parameter' },
    { label: 'Advanced queries', url: 'https://learn.microsoft.com/en-us/graph/aad-advanced-queries' },
    {
      label: 'Sign-in with client credentials',
      url: 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow',
    },
    { label: 'National clouds', url: 'https://learn.microsoft.com/en-us/graph/deployments' },
  ],
  prerequisites: [
    {
      text: 'An app registration in your directory, made for this purpose, with a client secret. Note when the secret ends.',
      url: 'https://learn.microsoft.com/en-us/entra/identity-platform/quickstart-register-app',
    },
    {
      text: 'The Microsoft Graph application permission User.Read.All on that app registration (application, not delegated).',
      url: 'https://learn.microsoft.com/en-us/graph/permissions-reference#userreadall',
    },
    {
      text: 'Admin consent to that permission, given by an administrator of the directory.',
      url: 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-admin-consent',
    },
  ],
  baseUrl: 'https://graph.microsoft.com',
  baseUrlLabel: 'Domain',
  authSchemes: [
    {
      type: 'oauth2-client-credentials',
      label: 'OAuth2 client credentials',
      inputs: [
        { name: 'clientId', label: 'Client ID', hint: 'Application (client) ID.', secret: false, required: true },
        {
          name: 'clientSecret',
          label: 'Client secret',
          hint: 'The value of the secret, not its ID.',
          foundAt: {
            text: 'In the app registration under Certificates & secrets. Its value is shown once, when it is made.',
            url: 'https://learn.microsoft.com/en-us/entra/identity-platform/quickstart-register-app',
          },
          secret: true,
          required: true,
        },
        {
          name: 'tenantId',
          label: 'Tenant ID',
          hint: 'Directory (tenant) ID, or a domain of the directory.',
          secret: false,
          required: true,
        },
        {
          name: 'scopes',
          label: 'Scopes',
          hint: 'One resource followed by /.default.',
          secret: false,
          required: false,
          default: 'https://graph.microsoft.com/.default',
        },
        {
          name: 'tokenUrl',
          label: 'Token URL',
          hint: 'Only for national clouds: the whole address, with the tenant in it.',
          secret: false,
          required: false,
        },
      ],
      placement: { kind: 'bearer', field: 'accessToken' },
      token: {
        url: 'https://login.microsoftonline.com/{tenantId}/oauth2/v2.0/token',
        urlInput: 'tokenUrl',
        clientId: '{clientId}',
        clientSecret: '{clientSecret}',
        clientIn: 'form',
        scope: '{scopes}',
      },
      consent: { label: 'Grant admin consent', path: '/{tenantId}/adminconsent?client_id={clientId}' },
    },
  ],
  inputs: [
    {
      name: 'filter',
      label: 'Filter',
      hint: "Default loads all users. Else a filter of Microsoft Graph: employeeType in ('Admin', 'Staff').",
      secret: false,
      required: true,
      default: noFilter,
      loads: [filteringLoad],
      triedAtVendor: true,
    },
  ],
  loads: [
    { id: 'users', label: 'Microsoft Entra ID User Load' },
    {
      id: filteringLoad,
      label: 'Microsoft Entra ID User Load with Filtering',
      description: 'Loads the users that a filter of Microsoft Graph lets through.',
    },
  ],
  installationTypes: ['cloud'],
  permissions: { list: 'the Microsoft Graph application permission User.Read.All, with admin consent' },
  fields,
  trackingLabels: { syncTime: 'Connector Sync Time', credentialName: null },
  // A call with $select costs one unit; the smallest tenants have 3500 units per 10 s, shared by all uses of the app.
  rateBudget: { capacity: 100, perSecond: 100 },
  capabilities: {
    role: 'none',
    lastActivity: false,
    confirmById: true,
    // The first page alone states a count, and it may lag: the connector holds it against what was listed (README).
    statesTotal: false,
    marksAdministrators: false,
  },
  presets,
  rolePresets,
  app: { catalogueId: 'microsoft-entra-id', name: 'Microsoft Entra ID', category: 'Directory' },
  defaultMapping: {
    entries: [
      { to: 'username', from: { kind: 'field', path: 'userPrincipalName' } },
      // Users without a mailbox have no mail, and there are many in every directory.
      { to: 'email', from: { kind: 'field', path: 'mail', fallbackPath: 'userPrincipalName' } },
      { to: 'first_name', from: { kind: 'field', path: 'givenName' } },
      { to: 'last_name', from: { kind: 'field', path: 'surname' } },
      { to: 'display_name', from: { kind: 'field', path: 'displayName' } },
      { to: 'job_title', from: { kind: 'field', path: 'jobTitle' } },
      { to: 'department', from: { kind: 'field', path: 'department' } },
      { to: 'role', from: { kind: 'constant', value: 'Employee' } },
      { to: 'entra_id', from: { kind: 'field', path: 'id' } },
    ],
    syncKeys: ['email'],
    newFields: [
      {
        variable: 'entra_id',
        label: 'Entra ID',
        type: 'short-text',
        unique: true,
        required: false,
        caseSensitive: true,
      },
    ],
  },
};
