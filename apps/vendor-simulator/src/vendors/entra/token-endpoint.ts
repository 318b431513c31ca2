import { EMAIL_DOMAIN } from '../../company/names.js';
import type { AccessTokens } from '../access-tokens.js';
import type { Reply, VendorRequest } from '../vendor.js';
import { guid, INITIAL_DOMAIN } from './account-shape.js';
import type { EntraContext } from './credentials.js';

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store, no-cache',
  pragma: 'no-cache',
};
const SCOPE = 'https://graph.microsoft.com/.default';

type OAuthError =
  'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unauthorized_client' | 'unsupported_grant_type';

class TokenRefusal extends Error {
  constructor(
    readonly status: number,
    readonly error: OAuthError,
    readonly code: number,
    message: string,
    /** The vendor's page about the error, for those that have one. */
    readonly hasPage = false,
  ) {
    super(message);
  }
}

/** `POST /{tenant}/oauth2/v2.0/token` with client credentials (RFC 6749 4.4): the refusal, or null for a good request. */
export function tokenRequestRefusal(context: EntraContext, tenant: string, request: VendorRequest): Reply | null {
  if (!tenantForm.test(tenant)) return signInPage;
  try {
    checkRequest(context, tenant, request);
    return null;
  } catch (error) {
    if (error instanceof TokenRefusal) return refusalReply(context, error);
    throw error;
  }
}

export function isKnownTenant({ credentials }: EntraContext, tenant: string): boolean {
  return [credentials.tenantId, EMAIL_DOMAIN, INITIAL_DOMAIN].includes(tenant.toLowerCase());
}

/** A tenant that is an id or a domain, and of nobody. */
export function unknownTenant(context: EntraContext, tenant: string): Reply {
  return refusalReply(context, tenantNotFound(tenant));
}

function tenantNotFound(tenant: string): TokenRefusal {
  const message =
    `Tenant '${tenant.slice(0, 100)}' not found. Check to make sure you have the correct tenant ID and are signing ` +
    'into the correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
    'subscriptions for the tenant.';
  return new TokenRefusal(400, 'invalid_request', 90002, message, true);
}

/** An id, or a domain; for anything else the vendor's server knows no such endpoint and shows a page. */
const tenantForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;

const signInPage: Reply = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store, no-cache' },
  body: '<!DOCTYPE html><html dir="ltr"><head><title>Sign in to your account</title></head><body></body></html>',
};

export function tokenReply(tokens: AccessTokens): Reply {
  const { token, lifeSeconds } = tokens.issue();
  const body = { token_type: 'Bearer', expires_in: lifeSeconds, ext_expires_in: lifeSeconds, access_token: token };
  return { status: 200, headers: HEADERS, body: JSON.stringify(body) };
}

function checkRequest(context: EntraContext, tenant: string, request: VendorRequest): void {
  if (request.method !== 'POST') {
    const message = `The endpoint only accepts POST requests. Received a ${request.method} request.`;
    throw new TokenRefusal(400, 'invalid_request', 900561, message);
  }
  if (!isKnownTenant(context, tenant)) throw tenantNotFound(tenant);
  const form = formOf(request);
  checkGrant(form);
  checkClient(context, tenant, clientOf(form, request.header('authorization')));
  if (form.get('scope') !== SCOPE) {
    const message = "The provided value for the input parameter 'scope' is not valid.";
    throw new TokenRefusal(400, 'invalid_scope', 70011, message);
  }
}

function checkGrant(form: URLSearchParams): void {
  const grant = form.get('grant_type');
  if (grant === null) throw missing('grant_type');
  if (grant !== 'client_credentials') {
    const message = "The app requested an unsupported grant type. Use 'client_credentials'.";
    throw new TokenRefusal(400, 'unsupported_grant_type', 70003, message);
  }
  if (!form.get('scope')) throw missing('scope');
}

interface Client {
  readonly id: string | null;
  readonly secret: string | null;
}

function checkClient({ credentials }: EntraContext, tenant: string, { id, secret }: Client): void {
  if (!id) throw missing('client_id');
  if (id !== credentials.clientId) {
    const message = `Application with identifier '${id.slice(0, 100)}' was not found in the directory '${tenant}'.`;
    throw new TokenRefusal(400, 'unauthorized_client', 700016, message);
  }
  if (!secret) {
    const message =
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
    throw new TokenRefusal(401, 'invalid_client', 7000216, message);
  }
  if (secret !== credentials.clientSecret) {
    const message =
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the ' +
      `client secret ID, for a secret added to app '${id}'.`;
    throw new TokenRefusal(401, 'invalid_client', 7000215, message, true);
  }
}

function missing(name: string): TokenRefusal {
  const message = `The request body must contain the following parameter: '${name}'.`;
  return new TokenRefusal(400, 'invalid_request', 900144, message);
}

/** Another content type is a body without parameters. */
function formOf({ body, header }: VendorRequest): URLSearchParams {
  const isForm = (header('content-type') ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? body : '');
}

/** Id and secret from the form, or from a Basic header whose parts are written like form values (RFC 6749 2.3.1). */
function clientOf(form: URLSearchParams, authorization: string | undefined): Client {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') };
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const part = (text: string) => new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v');
  return { id: part(pair.slice(0, colon)), secret: part(pair.slice(colon + 1)) };
}

function refusalReply(context: EntraContext, { status, error, code, message, hasPage }: TokenRefusal): Reply {
  const timestamp = `${new Date(context.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const [traceId, correlationId] = [guid(context.random), guid(context.random)];
  const description = `AADSTS${code}: ${message}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`;
  const body = {
    error,
    error_description: description,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(hasPage ? { error_uri: `https://login.microsoftonline.com/error?code=${code}` } : {}),
  };
  return { status, headers: HEADERS, body: JSON.stringify(body) };
}
