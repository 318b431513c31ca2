import type { Connector } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import { accessTokenField, type LeaseMaterial } from '@rollcall/contracts';
import type { InProcessVendor, VendorId } from '@rollcall/vendor-simulator';

/** What a row of the matrix needs to know of a vendor. */
export interface MatrixVendor {
  readonly id: VendorId;
  readonly connector: Connector;
  readonly pageSize: number;
  readonly basePath: string;
  /** Scheme of the credential, and its fields as a lease holds them. */
  readonly type: LeaseMaterial['type'];
  readonly fields: (vendor: InProcessVendor) => Record<string, string>;
  /** A listing that lost users is noticed by its count; without one only the look at single users is left (evidence f). */
  readonly counts: boolean;
  /** Place of the mark by which a user is active, in wire text; null where there is none. */
  readonly statusField: string | null;
  /** Field whose value no rule reads. */
  readonly plainField: string;
  /** Half of the users of a page, everything else as it was. */
  readonly halve: (text: string) => string;
}

type Json = Record<string, unknown>;

function halveList(field: string) {
  return (text: string): string => {
    const body = JSON.parse(text) as Json;
    const list = body[field] as unknown[];
    return JSON.stringify({ ...body, [field]: list.slice(0, Math.floor(list.length / 2)) });
  };
}

function halveMap(text: string): string {
  const body = JSON.parse(text) as Json;
  const entries = Object.entries(body['Users'] as Json);
  return JSON.stringify({ ...body, Users: Object.fromEntries(entries.slice(0, Math.floor(entries.length / 2))) });
}

/** A token as the vault would have got it: asked of the vendor itself. */
function tokenOf(vendor: InProcessVendor, path: string, form: Record<string, string>): string {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { outcome } = vendor.exchange({ method: 'POST', url: `http://vendor.test${path}`, headers, body });
  if (outcome.kind !== 'send') throw new Error('the vendor gave no token');
  return (JSON.parse(outcome.body.toString()) as { access_token: string }).access_token;
}

export const matrixVendors: readonly MatrixVendor[] = [
  {
    id: 'lastpass',
    connector: connectors['lastpass']!,
    pageSize: 500,
    basePath: '',
    type: 'basic',
    fields: ({ credentials }) => {
      const { cid, provhash } = credentials as Record<string, string>;
      return { username: cid!, password: provhash! };
    },
    counts: true,
    statusField: 'disabled',
    plainField: 'fullname',
    halve: halveMap,
  },
  {
    id: 'jumpcloud',
    connector: connectors['jumpcloud']!,
    pageSize: 100,
    basePath: '/api',
    type: 'api-key',
    fields: ({ credentials }) => ({ key: (credentials as Record<string, string>)['apiKey']! }),
    counts: true,
    statusField: 'suspended',
    plainField: 'displayname',
    halve: halveList('results'),
  },
  {
    id: 'entra',
    connector: connectors['entra']!,
    pageSize: 999,
    basePath: '',
    type: 'oauth2-client-credentials',
    fields: (vendor) => {
      const { tenantId, clientId, clientSecret } = vendor.credentials as Record<string, string>;
      const scope = 'https://graph.microsoft.com/.default';
      const form = { client_id: clientId!, client_secret: clientSecret!, scope };
      return { [accessTokenField]: tokenOf(vendor, `/${tenantId}/oauth2/v2.0/token`, form) };
    },
    counts: true,
    statusField: 'accountEnabled',
    plainField: 'displayName',
    halve: halveList('value'),
  },
  {
    id: 'lever',
    connector: connectors['lever']!,
    pageSize: 100,
    basePath: '/v1',
    type: 'basic',
    fields: ({ credentials }) => ({ username: (credentials as Record<string, string>)['apiKey']!, password: ' ' }),
    counts: false,
    statusField: 'deactivatedAt',
    plainField: 'name',
    halve: halveList('data'),
  },
  {
    id: 'ironclad-clickwrap',
    connector: connectors['ironclad-clickwrap']!,
    pageSize: 100,
    basePath: '/v1.1',
    type: 'oauth2-client-credentials',
    fields: (vendor) => {
      const { clientId, clientSecret } = vendor.credentials as Record<string, string>;
      return {
        [accessTokenField]: tokenOf(vendor, '/oauth/token', { client_id: clientId!, client_secret: clientSecret! }),
      };
    },
    counts: true,
    statusField: null,
    plainField: 'name',
    halve: halveList('data'),
  },
];
