import type { Call, Reply, VendorRequest } from '../vendor.js';
import type { EntraContext } from './credentials.js';
import { isKnownTenant, unknownTenant } from './token-endpoint.js';

const json = (body: unknown): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

export function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * What sign-in libraries ask for before they ask for a token, without a credential: the endpoints of a directory, and
 * which hosts are the vendor's. Null for any other request.
 */
export function discoveryCall(context: EntraContext, request: VendorRequest): Call | null {
  const tenant = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(request.path)?.[1];
  const isInstance = /^\/[^/]+\/discovery\/instance$/.test(request.path);
  if (request.method !== 'GET' || (tenant === undefined && !isInstance)) return null;
  const shared = { operation: 'other', authOk: true, safeQuery: '' } as const;
  if (tenant === undefined) {
    return { ...shared, command: 'GET /{tenant}/discovery/instance', execute: () => instance(context, request) };
  }
  const name = decodedSegment(tenant);
  const execute = (): Reply =>
    isKnownTenant(context, name) ? configuration(context, request, name) : unknownTenant(context, name);
  return { ...shared, command: 'GET /{tenant}/v2.0/.well-known/openid-configuration', execute };
}

/** https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc */
function configuration(context: EntraContext, request: VendorRequest, tenant: string): Reply {
  const origin = context.origin(request);
  const { tenantId } = context.credentials;
  return json({
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${origin}/${tenantId}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${origin}/oidc/userinfo`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'name', 'oid', 'tid'],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    msgraph_host: 'graph.microsoft.com',
  });
}

function instance(context: EntraContext, request: VendorRequest): Reply {
  const origin = context.origin(request);
  const { host } = new URL(origin);
  return json({
    tenant_discovery_endpoint: `${origin}/${context.credentials.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
}
