import { AccessTokens } from '../access-tokens.js';
import type { ListBend, Operation, Reply, Vendor, VendorContext, VendorRequest } from '../vendor.js';
import { accountShape } from './account-shape.js';
import { readListRequest } from './list-request.js';
import { listMembers } from './members.js';
import { authError, failure, notFound, overLimit } from './replies.js';
import { ACCOUNT, isSite, listMemberships, listSites } from './sites.js';
import { tokenRefusal, tokenReply } from './token-endpoint.js';

export interface IroncladCredentials extends Readonly<Record<string, string>> {
  readonly clientId: string;
  readonly clientSecret: string;
  /** A token that was given out by hand and does not end. */
  readonly accessToken: string;
}

type Context = VendorContext<IroncladCredentials>;

interface Routed {
  readonly operation: Operation;
  readonly command: string;
  readonly page?: number;
  readonly target?: string;
  readonly execute: (bend: ListBend) => Reply;
}

/** Ironclad Clickwrap REST API v1.1 under `/v1.1`, and its token endpoint. */
export const ironcladClickwrap: Vendor<IroncladCredentials> = {
  id: 'ironclad-clickwrap',
  defaultCredentials: {
    clientId: 'test-client',
    clientSecret: 'test-client-secret',
    accessToken: 'test-static-access-token',
  },
  shape: accountShape,
  // As documented: 2000 a minute for each token.
  rateLimit: { perSecond: 2000 / 60, burst: 2000 },
  createApi: (context) => {
    const tokens = new AccessTokens(context);
    return {
      understand: (request) =>
        request.path === '/oauth/token' ? tokenCall(context, tokens, request) : apiCall(context, tokens, request),
      authError,
      failure,
      overLimit,
    };
  },
};

function tokenCall({ credentials }: Context, tokens: AccessTokens, request: VendorRequest) {
  const refusal = tokenRefusal(credentials, request);
  return {
    operation: 'token' as const,
    command: 'POST /oauth/token',
    authOk: refusal === null,
    safeQuery: '',
    execute: () => refusal ?? tokenReply(tokens),
  };
}

function apiCall(context: Context, tokens: AccessTokens, request: VendorRequest) {
  const authorization = request.header('authorization');
  const isStatic = authorization === `Bearer ${context.credentials.accessToken}`;
  const authOk = isStatic || tokens.problem(authorization) === null;
  const { execute, ...routed } = route(context, request);
  return { ...routed, authOk, safeQuery: safeQuery(request.query), execute: authOk ? execute : authError };
}

function route(context: Context, request: VendorRequest): Routed {
  const { directory } = context;
  const { path, query } = request;
  const read = readListRequest(query);
  const [, account] = /^\/v1\.1\/accounts\/([^/]+)\/members$/.exec(path) ?? [];
  const [, site] = /^\/v1\.1\/sites\/([^/]+)\/memberships$/.exec(path) ?? [];
  const page = typeof read === 'string' ? undefined : read.page;
  if (request.method === 'GET' && path === '/v1.1/sites') {
    return { operation: 'other', command: 'GET /sites', execute: (bend) => listSites(read, bend) };
  }
  if (request.method === 'GET' && account === String(ACCOUNT)) {
    const execute = (bend: ListBend) => listMembers(directory, read, bend);
    return { operation: 'list', command: 'GET /accounts/{id}/members', page, target: account, execute };
  }
  if (request.method === 'GET' && site !== undefined && isSite(site)) {
    const execute = (bend: ListBend) => listMemberships(directory, site, read, bend);
    return { operation: 'other', command: 'GET /sites/{id}/memberships', target: site, execute };
  }
  return { operation: 'other', command: 'unknown path', execute: notFound };
}

const SAFE_PARAMETERS = new Set(['page', 'per_page', 'expand', 'filter', 'sort', 'fields', 'no_count', 'lean']);

function safeQuery(query: URLSearchParams): string {
  const safe = [...query].filter(([name]) => SAFE_PARAMETERS.has(name)).map(([name, value]) => `${name}=${value}`);
  return safe.length > 0 ? `?${safe.join('&')}` : '';
}
