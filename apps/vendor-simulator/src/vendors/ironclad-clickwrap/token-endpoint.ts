import type { AccessTokens } from '../access-tokens.js';
import type { Reply, VendorRequest } from '../vendor.js';
import { json } from './replies.js';

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

const error = (status: number, code: string, description: string): Reply =>
  json({ error: code, error_description: description }, status);

/** `POST /oauth/token`, client credentials (RFC 6749 4.4): what is wrong with the request, or null. */
export function tokenRefusal({ clientId, clientSecret }: Client, request: VendorRequest): Reply | null {
  if (request.method !== 'POST') return error(405, 'invalid_request', 'method not allowed');
  const isForm = (request.header('content-type') ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');
  const form = new URLSearchParams(isForm ? request.body : '');
  if (form.get('grant_type') !== 'client_credentials') {
    return error(400, 'invalid_request', 'grant_type must be client_credentials');
  }
  const [id, secret] = clientOf(form, request.header('authorization'));
  return id === clientId && secret === clientSecret ? null : error(401, 'invalid_client', 'invalid client');
}

export function tokenReply(tokens: AccessTokens): Reply {
  const { token, lifeSeconds } = tokens.issue();
  return json({ token_type: 'Bearer', access_token: token, expires_in: lifeSeconds, scope: '' });
}

/** From the form, or from a Basic header whose parts are written like form values (2.3.1). */
function clientOf(form: URLSearchParams, authorization: string | undefined): (string | null)[] {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return [form.get('client_id'), form.get('client_secret')];
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [id, secret].map((part) => new URLSearchParams(`v=${part.replaceAll('&', '%26')}`).get('v'));
}
