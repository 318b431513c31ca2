import type { Account } from '../../company/account.js';
import type { ListBend, Operation, Reply, Vendor, VendorContext, VendorRequest } from '../vendor.js';
import { accountShape } from './account-shape.js';
import { FilterError } from './filter.js';
import { listingOfQuery, listingOfSearch, ListRequestError, pageOf } from './list-request.js';
import { list, type Listing, userText } from './listing.js';
import { authError, failure, invalidArgument, json, jsonText, message, notFound } from './replies.js';
import { ACTIONS, actOn, createUser, deleteUser, updateUser } from './users.js';

export interface JumpcloudCredentials extends Readonly<Record<string, string>> {
  readonly apiKey: string;
}

type Context = VendorContext<JumpcloudCredentials>;

/** What a route makes of a request; the rest of a Call is the same for all. */
interface Routed {
  readonly operation: Operation;
  readonly command: string;
  readonly page?: number;
  readonly target?: string;
  readonly execute: (bend: ListBend) => Reply;
}

export const ORGANIZATION = { id: '5f1b2c3d4e5f6a7b8c9d0e1f', name: 'Harbour Example Ltd' };

/** JumpCloud V1: `x-api-key`, REST under `/api`. */
export const jumpcloud: Vendor<JumpcloudCredentials> = {
  id: 'jumpcloud',
  defaultCredentials: { apiKey: 'test-api-key' },
  shape: accountShape,
  createApi: (context) => ({
    understand: (request) => {
      const authOk = request.header('x-api-key') === context.credentials.apiKey;
      const { execute, ...routed } = route(context, request);
      const checked = authOk ? refuseOrganization(request.header('x-org-id')) : authError();
      return { ...routed, authOk, safeQuery: safeQuery(request.query), execute: checked ? () => checked : execute };
    },
    authError,
    failure,
  }),
};

function route(context: Context, request: VendorRequest): Routed {
  const { method, path } = request;
  if (path === '/api/systemusers' && method === 'GET') {
    return listed(context, 'GET /systemusers', () => listingOfQuery(request.query));
  }
  if (path === '/api/search/systemusers' && method === 'POST') {
    return listed(context, 'POST /search/systemusers', () => listingOfSearch(parseBody(request.body)));
  }
  if (path === '/api/systemusers' && method === 'POST') {
    const execute = () => createUser(context, parseBody(request.body), wantsDetails(request));
    return { operation: 'action', command: 'POST /systemusers', execute };
  }
  if (path === '/api/organizations' && method === 'GET') {
    return { operation: 'other', command: 'GET /organizations', execute: organizations };
  }
  return routeUser(context, request);
}

type UserRoute = (context: Context, account: Account, request: VendorRequest) => Reply;

const USER_ROUTES: Readonly<Record<string, UserRoute>> = {
  GET: (_context, account, { query }) =>
    jsonText(userText(account, (query.get('fields') ?? '').split(/[\s,]+/).filter(Boolean))),
  PUT: (context, account, request) => updateUser(context, account, parseBody(request.body), wantsDetails(request)),
  DELETE: (context, account, { query }) => deleteUser(context, account, query.get('cascade_manager')),
};

/** `/api/systemusers/{id}` and the actions below it. */
function routeUser(context: Context, request: VendorRequest): Routed {
  const [, id = '', action = ''] = /^\/api\/systemusers\/([^/]+)(?:\/(.+))?$/.exec(request.path) ?? [];
  const isAction = request.method === 'POST' && Object.hasOwn(ACTIONS, action);
  const perform: UserRoute | undefined = isAction
    ? (_context, account) => actOn(context, account, action)
    : action === ''
      ? USER_ROUTES[request.method]
      : undefined;
  if (id === '' || !perform) return { operation: 'other', command: 'unknown path', execute: notFound };
  return {
    operation: request.method === 'GET' ? 'get' : 'action',
    command: `${request.method} /systemusers/{id}${action === '' ? '' : `/${action}`}`,
    target: id,
    execute: () => onUser(context, id, (account) => perform(context, account, request)),
  };
}

function onUser({ directory }: Context, id: string, perform: (account: Account) => Reply): Reply {
  const account = directory.find(id);
  if (account) return perform(account);
  return /^[0-9a-f]{24}$/i.test(id) ? notFound() : invalidArgument(`"${id.slice(0, 64)}" is not a user id`);
}

function listed({ directory }: Context, command: string, read: () => Listing): Routed {
  try {
    const listing = read();
    const execute = (bend: ListBend) => list(directory, listing, bend);
    return { operation: 'list', command, page: pageOf(listing), execute };
  } catch (error) {
    if (error instanceof ListRequestError)
      return { operation: 'list', command, execute: () => message(400, error.message) };
    if (error instanceof FilterError)
      return { operation: 'list', command, execute: () => invalidArgument(error.message) };
    throw error;
  }
}

function organizations(): Reply {
  const { id, name } = ORGANIZATION;
  return json({ totalCount: 1, results: [{ _id: id, id, displayName: name, logoUrl: null }] });
}

/** The header is for administrators of several organizations; when it is sent it must be right. An empty one is none. */
function refuseOrganization(orgId: string | undefined): Reply | null {
  if (orgId === undefined || orgId.trim() === '' || orgId === ORGANIZATION.id) return null;
  return /^[0-9a-f]{24}$/i.test(orgId) ? message(404, 'Organization not found') : message(400, 'Malformed x-org-id');
}

const wantsDetails = ({ query }: VendorRequest): boolean => query.get('fullValidationDetails') === 'password';

function parseBody(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    // A text is no object: refused by the schema of whoever reads it.
    return text;
  }
}

const SAFE_PARAMETER = /^(limit|skip|sort|fields|cascade_manager|fullValidationDetails|filter.*|search.*)$/;

function safeQuery(query: URLSearchParams): string {
  const safe = [...query].filter(([name]) => SAFE_PARAMETER.test(name)).map(([name, value]) => `${name}=${value}`);
  return safe.length > 0 ? `?${safe.join('&')}` : '';
}
