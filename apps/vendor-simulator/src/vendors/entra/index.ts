import { EMAIL_DOMAIN } from '../../company/names.js';
import { AccessTokens } from '../access-tokens.js';
import type { ListBend, Operation, Reply, Vendor, VendorRequest } from '../vendor.js';
import { accountShape, guid, INITIAL_DOMAIN } from './account-shape.js';
import type { EntraContext, EntraCredentials } from './credentials.js';
import { Delta } from './delta.js';
import { decodedSegment, discoveryCall } from './discovery.js';
import { filterOf, isEventual, listingOf, selectionOf } from './list-request.js';
import { contextOf, Finder, type ListParts, listUsers } from './listing.js';
import { project, Projections } from './projection.js';
import {
  badRequest,
  failure,
  forbidden,
  graphError,
  GraphRefusal,
  graphText,
  throttled,
  tokenRefusal,
  type Trace,
  userNotFound,
} from './replies.js';
import { tokenReply, tokenRequestRefusal } from './token-endpoint.js';

/** What a route makes of a request; the rest of a Call is the same for all. */
interface Routed {
  readonly operation: Operation;
  readonly command: string;
  readonly page?: number;
  readonly target?: string;
  readonly execute: (bend: ListBend) => Reply;
}

/** Microsoft Graph v1.0 and the token endpoint, which are two hosts in reality and one port here. */
export const entra: Vendor<EntraCredentials> = {
  id: 'entra',
  defaultCredentials: {
    tenantId: '1d2c3b4a-0000-4000-8000-7e57e57e57e5',
    clientId: '0a9b8c7d-0000-4000-8000-7e57e57e57e5',
    clientSecret: 'test-client-secret',
  },
  shape: accountShape,
  // 5000 units in ten seconds for a directory of 50 to 500 users; a request is taken for one unit.
  rateLimit: { perSecond: 500, burst: 5000 },
  createApi: (context) => {
    const graph = new Graph(context);
    return {
      understand: (request) => {
        const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.path)?.[1];
        if (tenant !== undefined) return graph.understandToken(request, decodedSegment(tenant));
        return discoveryCall(context, request) ?? graph.understand(request);
      },
      authError: () => graphError(graph.trace(), tokenRefusal('unknown')),
      failure: (status) => failure(graph.trace(), status, context.credentials),
      // Decimals, as in the vendor's own example.
      overLimit: (waitMs) => throttled(graph.trace(), context.credentials, String(Math.ceil(waitMs) / 1000)),
    };
  },
};

/** Generated clients call it as a function. */
const isDelta = /^(?:microsoft\.graph\.)?delta(?:\(\))?$/;

class Graph {
  private readonly tokens: AccessTokens;
  private readonly delta: Delta;
  private readonly finder: Finder;
  private readonly projections = new Projections();

  constructor(private readonly context: EntraContext) {
    this.tokens = new AccessTokens(context);
    this.delta = new Delta(context);
    this.finder = new Finder(context.directory);
  }

  trace(request?: VendorRequest): Trace {
    const requestId = guid(this.context.random);
    const clientRequestId = request?.header('client-request-id') ?? requestId;
    return { requestId, clientRequestId, nowMs: this.context.now() };
  }

  /** The body holds the secret, so nothing of it is known outside. */
  understandToken(request: VendorRequest, tenant: string) {
    const refusal = tokenRequestRefusal(this.context, tenant, request);
    return {
      operation: 'token',
      command: 'POST /{tenant}/oauth2/v2.0/token',
      authOk: refusal === null,
      safeQuery: '',
      execute: () => refusal ?? tokenReply(this.tokens),
    } as const;
  }

  understand(request: VendorRequest) {
    const trace = this.trace(request);
    const problem = this.tokens.problem(request.header('authorization'));
    const { execute, ...routed } = this.route(request, trace);
    const checked = (bend: ListBend): Reply => {
      if (problem) return graphError(trace, tokenRefusal(problem));
      return refusing(trace, () => execute(bend));
    };
    return { ...routed, authOk: problem === null, safeQuery: safeQuery(request.query), execute: checked };
  }

  private route(request: VendorRequest, trace: Trace): Routed {
    // The vendor's own SDK sends /v1.0//users.
    const path = request.path.replace(/\/{2,}/g, '/');
    const [, collection, item = ''] = /^\/v1\.0\/(users|organization)(?:\/([^/]*))?$/.exec(path) ?? [];
    if (collection === undefined) return { operation: 'other', command: 'unknown path', execute: () => unknownPath() };
    const command = `${request.method} /${collection}${item === '' ? '' : '/{id}'}`;
    // The application may read and nothing else.
    if (request.method !== 'GET') return { operation: 'action', command, execute: () => refuse(forbidden()) };
    if (collection === 'organization') {
      return { operation: 'other', command, execute: () => this.organization(request, trace) };
    }
    switch (isDelta.test(item) ? 'delta' : item) {
      case '':
        return this.list(request, trace, command);
      case '$count':
        return { operation: 'other', command: 'GET /users/$count', execute: () => this.count(request, trace) };
      case 'delta':
        return { operation: 'other', command: 'GET /users/delta', execute: () => this.delta.answer(request, trace) };
      default:
        return {
          operation: 'get',
          command,
          target: decodedSegment(item),
          execute: () => this.user(request, trace, item),
        };
    }
  }

  private list(request: VendorRequest, trace: Trace, command: string): Routed {
    try {
      const listing = listingOf(request);
      const parts: ListParts = {
        finder: this.finder,
        projections: this.projections,
        trace,
        origin: this.context.origin(request),
      };
      const page = listing.position?.page ?? 1;
      return { operation: 'list', command, page, execute: (bend) => listUsers(parts, listing, bend) };
    } catch (error) {
      if (error instanceof GraphRefusal) return { operation: 'list', command, execute: () => refuse(error) };
      throw error;
    }
  }

  private user(request: VendorRequest, trace: Trace, item: string): Reply {
    const { directory } = this.context;
    const name = decodedSegment(item);
    const selection = selectionOf(request.query);
    // Ids are found in upper case as well.
    const account = directory.find(name) ?? directory.find(name.toLowerCase()) ?? directory.findByUsername(name);
    if (!account) throw userNotFound(name);
    const text = project(account.json, selection.properties);
    const context = JSON.stringify(contextOf(this.context.origin(request), selection, '/$entity'));
    // Planted text that is no object cannot take the context in.
    return graphText(trace, /^\{\s*"/.test(text) ? `{"@odata.context":${context},${text.slice(1)}` : text);
  }

  private count(request: VendorRequest, trace: Trace): Reply {
    if (!isEventual(request)) {
      throw new GraphRefusal(400, 'Request_BadRequest', '$count is not currently supported.');
    }
    const found = this.finder.find(filterOf(request.query, true), null);
    return graphText(trace, String(found.length), 1, 'text/plain');
  }

  private organization(request: VendorRequest, trace: Trace): Reply {
    const verifiedDomains = [EMAIL_DOMAIN, INITIAL_DOMAIN].map((name, index) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: index === 0,
      isInitial: index === 1,
      name,
      type: 'Managed',
    }));
    const body = {
      '@odata.context': `${this.context.origin(request)}/v1.0/$metadata#organization`,
      value: [{ id: this.context.credentials.tenantId, displayName: 'Harbour Example Ltd', verifiedDomains }],
    };
    return graphText(trace, JSON.stringify(body));
  }
}

function refuse(refusal: GraphRefusal): never {
  throw refusal;
}

const unknownPath = (): never => refuse(badRequest('Resource not found for the segment.'));

function refusing(trace: Trace, execute: () => Reply): Reply {
  try {
    return execute();
  } catch (error) {
    if (error instanceof GraphRefusal) return graphError(trace, error);
    throw error;
  }
}

const SAFE_PARAMETER = /^\$(count|deltatoken|expand|filter|orderby|search|select|skip|skiptoken|top)$/;

function safeQuery(query: URLSearchParams): string {
  const safe = [...query].filter(([name]) => SAFE_PARAMETER.test(name)).map(([name, value]) => `${name}=${value}`);
  return safe.length > 0 ? `?${safe.join('&')}` : '';
}
