import {
  accessTokenField,
  type AuthScheme,
  type ConnectorManifest,
  type CredentialType,
  type Input,
  refreshTokenField,
} from './connector-manifest.js';

const input = (name: string, label: string, more: Partial<Input> = {}): Input => ({
  name,
  label,
  secret: false,
  required: true,
  ...more,
});
const secret = (name: string, label: string, more: Partial<Input> = {}): Input =>
  input(name, label, { secret: true, ...more });

const headersInput = 'headers';
const headers = secret(headersInput, 'Further headers', {
  hint: 'Sent with each request. One header a line, like X-Tenant: 1234.',
  required: false,
});

const clientIn = input('clientIn', 'Client ID and secret travel', {
  hint: 'In the form, or in an Authorization header (basic), as the vendor asks for.',
  required: false,
  default: 'form',
  options: ['form', 'basic'],
});
const client = [input('clientId', 'Client ID'), secret('clientSecret', 'Client secret')];
const tokenUrl = input('tokenUrl', 'Token URL', { hint: 'With protocol: https://login.example.com/oauth/token.' });
const scopes = input('scopes', 'Scopes', { hint: 'Divided by blanks.', required: false });
const token = {
  urlInput: 'tokenUrl',
  clientId: '{clientId}',
  clientSecret: '{clientSecret}',
  clientIn: 'form' as const,
  clientInInput: 'clientIn',
  scope: '{scopes}',
};
const asBearer = { kind: 'bearer', field: accessTokenField } as const;

/** The ways to sign in of Advanced Mode: whoever enters a credential chooses them, instead of the connector. */
export const advancedSchemes: readonly AuthScheme[] = [
  {
    type: 'basic',
    label: 'Basic Auth',
    inputs: [input('username', 'User name'), secret('password', 'Password'), headers],
    placement: { kind: 'basic', username: 'username', password: 'password' },
  },
  {
    type: 'api-key',
    label: 'API key',
    inputs: [
      input('tokenName', 'Token name', { hint: 'Of the header, parameter or field: x-api-key, for example.' }),
      secret('key', 'API key'),
      input('addTo', 'Add to', {
        hint: 'The header of each request, its query, or a field of its JSON body.',
        required: false,
        default: 'header',
        options: ['header', 'query', 'body'],
      }),
      headers,
    ],
    placement: { kind: 'named', name: 'tokenName', field: 'key', in: 'addTo' },
  },
  {
    type: 'bearer',
    label: 'Bearer token',
    inputs: [secret('token', 'Token'), headers],
    placement: { kind: 'bearer', field: 'token' },
  },
  {
    type: 'custom-headers',
    label: 'Custom headers',
    inputs: [{ ...headers, label: 'Headers', required: true }],
    placement: { kind: 'none' },
  },
  {
    type: 'oauth2-client-credentials',
    label: 'OAuth2 client credentials',
    inputs: [...client, tokenUrl, scopes, clientIn, headers],
    placement: asBearer,
    token,
  },
  {
    type: 'oauth2-authorization-code',
    label: 'OAuth2 authorization code',
    inputs: [
      ...client,
      input('authorizationUrl', 'Authorization URL', {
        hint: 'Where somebody consents, with protocol: https://login.example.com/oauth/authorize.',
      }),
      tokenUrl,
      scopes,
      clientIn,
      headers,
      secret(refreshTokenField, 'Refresh token', { required: false, fromVendor: true }),
    ],
    placement: asBearer,
    token: { ...token, authorizationUrlInput: 'authorizationUrl' },
  },
  {
    type: 'aws-signature-v4',
    label: 'AWS Signature Version 4',
    inputs: [
      input('accessKeyId', 'Access key ID'),
      secret('secretAccessKey', 'Secret access key'),
      secret('sessionToken', 'Session token', { hint: 'Only of temporary credentials.', required: false }),
      input('region', 'Region', { hint: 'us-east-1, for example.' }),
      input('service', 'Service', { hint: 'execute-api, for example.' }),
      headers,
    ],
    placement: {
      kind: 'aws-signature',
      accessKeyId: 'accessKeyId',
      secretAccessKey: 'secretAccessKey',
      sessionToken: 'sessionToken',
      region: 'region',
      service: 'service',
    },
  },
].map((scheme) => ({ ...scheme, headersInput }) as AuthScheme);

/** How a credential signs in: as its connector says, or as its type does in Advanced Mode. */
export function authSchemeFor(
  manifest: Pick<ConnectorManifest, 'authSchemes'>,
  { type, advanced = false }: { readonly type: CredentialType; readonly advanced?: boolean },
): AuthScheme | undefined {
  return (advanced ? advancedSchemes : manifest.authSchemes).find((scheme) => scheme.type === type);
}

/** What says which fields a credential has. */
export interface CredentialKind {
  readonly connector: string;
  readonly type: CredentialType;
  readonly advanced?: boolean | undefined;
}

/** The same, of a credential that may be of a connector or type that nobody knows any more: undefined then. */
export function authSchemeAmong(
  manifests: Readonly<Record<string, Pick<ConnectorManifest, 'authSchemes'>>>,
  { connector, type, advanced = false }: CredentialKind,
): AuthScheme | undefined {
  return Object.hasOwn(manifests, connector) ? authSchemeFor(manifests[connector]!, { type, advanced }) : undefined;
}
