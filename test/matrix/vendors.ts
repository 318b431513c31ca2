import type { Connector } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import { accessTokenField, type LeaseMaterial } from '@rollcall/contracts';
import type { InProcessVendor, RawAccount, VendorId } from '@rollcall/vendor-simulator';

/** What a row of the matrix needs to know of a vendor. */
export interface MatrixVendor {
  readonly id: VendorId;
  readonly connector: Connector;
  readonly pageSize: number;
  readonly basePath: string;
  /** Scheme of the credential, and its fields as a lease holds them. */
  readonly type: LeaseMaterial['type'];
  readonly fields: (vendor: InProcessVendor) => Record<string, string>;
  /** Where the listing states how many users there are; without it only the look at single users is left (evidence f). */
  readonly counts: 'every-page' | 'first-page' | 'never';
  /** Place of the mark by which a user is active, in wire text; null where there is none. */
  readonly statusField: string | null;
  /** Fields that name the user, beside their e-mail. */
  readonly nameFields: readonly string[];
  /** Where else a status stands, read when that mark is missing. */
  readonly otherStatusFields: readonly string[];
  /** Whether records hold fields that were not asked for. */
  readonly sendsUnasked: boolean;
  /** Name under which the vendor finds the user of a record. */
  readonly usernameIn: (record: Readonly<Record<string, unknown>>) => string;
  /** Field whose value no rule reads. */
  readonly plainField: string;
  /** Fields of a record under which its id stands; none where ids are the keys of a map. */
  readonly idFields: readonly string[];
  /** Ids are numbers: a large one is kept digit by digit, and is an id like any other. */
  readonly numericIds?: true;
  /** The vendor's words by which it says that a cursor has expired; none where pages are numbered. 410 means it anyway. */
  readonly expiredCursors: readonly { readonly status: number; readonly body: string }[];
  /** Half of the users of a page, everything else as it was. */
  readonly halve: (text: string) => string;
  /** The only page of a listing, in the vendor's form. */
  readonly pageOf: (accounts: readonly RawAccount[], total: number) => string;
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

const recordsOf = (accounts: readonly RawAccount[]): Json[] => accounts.map(({ record }) => record);

const textAt =
  (field: string) =>
  (record: Readonly<Record<string, unknown>>): string =>
    String(record[field]);

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
    counts: 'every-page',
    statusField: 'disabled',
    nameFields: [],
    otherStatusFields: [],
    sendsUnasked: true,
    usernameIn: textAt('username'),
    plainField: 'fullname',
    idFields: [],
    expiredCursors: [],
    halve: halveMap,
    pageOf: (accounts, total) => {
      const Users = Object.fromEntries(accounts.map(({ id, record }) => [id, record]));
      return JSON.stringify({ status: 'OK', total, count: accounts.length, Users });
    },
  },
  {
    id: 'jumpcloud',
    connector: connectors['jumpcloud']!,
    pageSize: 100,
    basePath: '/api',
    type: 'api-key',
    fields: ({ credentials }) => ({ key: (credentials as Record<string, string>)['apiKey']! }),
    counts: 'every-page',
    statusField: 'suspended',
    nameFields: ['username'],
    otherStatusFields: ['state'],
    sendsUnasked: true,
    usernameIn: textAt('username'),
    plainField: 'displayname',
    idFields: ['_id', 'id'],
    expiredCursors: [],
    halve: halveList('results'),
    pageOf: (accounts, totalCount) => JSON.stringify({ totalCount, results: recordsOf(accounts) }),
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
    counts: 'first-page',
    statusField: 'accountEnabled',
    nameFields: ['userPrincipalName'],
    otherStatusFields: [],
    sendsUnasked: false,
    usernameIn: textAt('userPrincipalName'),
    plainField: 'displayName',
    idFields: ['id'],
    expiredCursors: ['Directory_ExpiredPageToken', 'Directory.ExpiredPageToken', 'syncStateNotFound'].map((code) => ({
      status: 400,
      body: JSON.stringify({ error: { code, message: 'It has expired.' } }),
    })),
    halve: halveList('value'),
    pageOf: (accounts, total) => JSON.stringify({ '@odata.count': total, value: recordsOf(accounts) }),
  },
  {
    id: 'lever',
    connector: connectors['lever']!,
    pageSize: 100,
    basePath: '/v1',
    type: 'basic',
    fields: ({ credentials }) => ({ username: (credentials as Record<string, string>)['apiKey']!, password: ' ' }),
    counts: 'never',
    statusField: 'deactivatedAt',
    nameFields: [],
    otherStatusFields: [],
    sendsUnasked: true,
    usernameIn: textAt('email'),
    plainField: 'name',
    idFields: ['id'],
    expiredCursors: [{ status: 400, body: '{"code":"BadRequestError","message":"Invalid offset token."}' }],
    halve: halveList('data'),
    pageOf: (accounts) => JSON.stringify({ data: recordsOf(accounts), hasNext: false }),
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
    counts: 'every-page',
    statusField: null,
    nameFields: [],
    otherStatusFields: [],
    sendsUnasked: true,
    usernameIn: textAt('email'),
    plainField: 'name',
    idFields: ['id'],
    numericIds: true,
    expiredCursors: [],
    halve: halveList('data'),
    pageOf: (accounts, total) => {
      const data = recordsOf(accounts);
      return JSON.stringify({ count: data.length, has_more: false, page: 1, per_page: 100, total_count: total, data });
    },
  },
];
