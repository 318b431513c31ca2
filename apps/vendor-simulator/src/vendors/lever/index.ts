import type { Account } from '../../company/account.js';
import type { ListBend, Operation, Reply, Vendor, VendorContext, VendorRequest } from '../vendor.js';
import { accountShape } from './account-shape.js';
import { list, pageOf, readListRequest, userText } from './listing.js';
import { authError, failure, jsonText, notFound } from './replies.js';
import { createUser, replaceUser, setActive } from './users.js';

export interface LeverCredentials extends Readonly<Record<string, string>> {
  readonly apiKey: string;
}

type Context = VendorContext<LeverCredentials>;

/** What a route makes of a request; the rest of a Call is the same for all. */
interface Routed {
  readonly operation: Operation;
  readonly command: string;
  readonly page?: number;
  readonly target?: string;
  readonly execute: (bend: ListBend) => Reply;
}

/** Lever API v1: Basic authorization with the key as user name, REST under `/v1`. */
export const lever: Vendor<LeverCredentials> = {
  id: 'lever',
  defaultCredentials: { apiKey: 'test-lever-api-key' },
  shape: accountShape,
  // As documented, for each key.
  rateLimit: { perSecond: 10, burst: 20 },
  createApi: (context) => ({
    understand: (request) => {
      const authOk = keyOf(request.header('authorization')) === context.credentials.apiKey;
      const { execute, ...routed } = route(context, request);
      return { ...routed, authOk, safeQuery: safeQuery(request.query), execute: authOk ? execute : authError };
    },
    authError,
    failure,
  }),
};

/** The user name of the Basic pair; the password is not looked at. */
function keyOf(authorization: string | undefined): string | null {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization ?? '') ?? [];
  return encoded === undefined ? null : (Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? null);
}

function route(context: Context, request: VendorRequest): Routed {
  const { method, path } = request;
  if (path === '/v1/users' && method === 'GET') return listed(context, request);
  if (path === '/v1/users' && method === 'POST') {
    const execute = () => createUser(context, parseBody(request.body));
    return { operation: 'action', command: 'POST /users', execute };
  }
  return routeUser(context, request);
}

function listed({ directory }: Context, { query }: VendorRequest): Routed {
  const read = readListRequest(query);
  const page = typeof read === 'string' ? undefined : pageOf(directory, read);
  return { operation: 'list', command: 'GET /users', page, execute: (bend) => list(directory, read, bend) };
}

type UserRoute = (context: Context, account: Account, request: VendorRequest) => Reply;

const USER_ROUTES: Readonly<Record<string, UserRoute>> = {
  'GET ': (_context, account) => jsonText(`{"data":${userText(account)}}`),
  'PUT ': (context, account, { body }) => replaceUser(context, account, parseBody(body)),
  'POST deactivate': (context, account) => setActive(context, account, false),
  'POST reactivate': (context, account) => setActive(context, account, true),
};

/** `/v1/users/{id}` and the actions below it. */
function routeUser(context: Context, request: VendorRequest): Routed {
  const [, id = '', action = ''] = /^\/v1\/users\/([^/]+)(?:\/([^/]+))?$/.exec(request.path) ?? [];
  const perform = USER_ROUTES[`${request.method} ${action}`];
  if (id === '' || perform === undefined) {
    return { operation: 'other', command: 'unknown path', execute: () => notFound('The path') };
  }
  const target = decodeURIComponent(id);
  return {
    operation: request.method === 'GET' ? 'get' : 'action',
    command: `${request.method} /users/{id}${action === '' ? '' : `/${action}`}`,
    target,
    execute: () => {
      const account = context.directory.find(target);
      return account ? perform(context, account, request) : notFound(`users ${target}`);
    },
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text is no object: refused by the schema of whoever reads it.
    return text;
  }
}

const SAFE_PARAMETERS = new Set(['limit', 'offset', 'includeDeactivated', 'email', 'include', 'expand']);

function safeQuery(query: URLSearchParams): string {
  const safe = [...query].filter(([name]) => SAFE_PARAMETERS.has(name)).map(([name, value]) => `${name}=${value}`);
  return safe.length > 0 ? `?${safe.join('&')}` : '';
}
