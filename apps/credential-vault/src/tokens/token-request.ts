import { type AuthScheme, refreshTokenField, type TokenRequest } from '@rollcall/contracts';
import { isFullHost } from '@rollcall/egress';
import { type SecretString, unwrapSecret } from '@rollcall/secrets';

import { tokenUrlRefused } from './tokens.errors.js';

/** What the token call of one credential looks like. */
export interface TokenCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Fields = Readonly<Record<string, string | undefined>>;

/**
 * The address that tokens are asked at: the input that overrides it, or the connector's with its inputs filled in, each
 * as exactly one path segment (N5). It is a way out for secrets, so it must be https; this machine only with the
 * development switch.
 * @throws TokenError token-url-refused; its text never holds the address
 */
export function tokenUrlOf(token: TokenRequest, fields: Fields, allowLoopback: boolean): string {
  const given = token.urlInput === undefined ? '' : (fields[token.urlInput] ?? '').trim();
  return addressOf(given === '' ? filledUrl(token.url ?? '', fields) : given, allowLoopback).href;
}

/**
 * Where somebody is sent to consent, as it was entered.
 * @throws TokenError token-url-refused; its text never holds the address
 */
export function authorizationUrlOf(token: TokenRequest, fields: Fields, allowLoopback: boolean): URL {
  return addressOf((fields[token.authorizationUrlInput ?? ''] ?? '').trim(), allowLoopback, 'authorization URL');
}

/** Page of the vendor at the origin of the token URL, with the inputs filled in. */
export function consentUrlOf(path: string, fields: Fields, tokenUrl: string): string {
  const filled = path.replace(placeholder, (_, name: string) => encodeURIComponent((fields[name] ?? '').trim()));
  return new URL(filled, tokenUrl).href;
}

function addressOf(text: string, allowLoopback: boolean, what = 'token URL'): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fault = url === null ? noAddress : faultOf(url, allowLoopback);
  if (url === null || fault !== null) throw tokenUrlRefused(fault ?? noAddress, what);
  return url;
}

const noAddress = 'it is not an address. Enter it with protocol, like https://login.example.com/oauth/token';

const noFullName = 'its host is not a full name. Enter it like login.example.com, without a dot at its end';

function faultOf(url: URL, allowLoopback: boolean): string | null {
  if (url.hostname === '') return noAddress;
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return 'it contains a user name, a password or a fragment. Enter host and path only';
  }
  return hostFault(url, allowLoopback && isLoopback(url.hostname));
}

function hostFault({ protocol, hostname }: URL, isLocal: boolean): string | null {
  if (protocol !== 'https:' && !(isLocal && protocol === 'http:')) {
    return 'secrets travel encrypted only. Enter an address with https://';
  }
  return isLocal || isFullHost(hostname) ? null : noFullName;
}

/** The inputs of a credential in clear, an empty one as its default says. */
export function tokenFields(
  { inputs }: Pick<AuthScheme, 'inputs'>,
  secrets: Readonly<Record<string, SecretString | undefined>>,
): Fields {
  const valueOf = (secret: SecretString | undefined): string => (secret === undefined ? '' : unwrapSecret(secret));
  return Object.fromEntries(
    inputs.map(({ name, default: byDefault = '' }) => [name, valueOf(secrets[name]) || byDefault]),
  );
}

/** What is exchanged for a token by somebody who consented (RFC 6749 4.1.3, RFC 7636 4.5). */
export interface ConsentCode {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/** Whether a token needs somebody's consent, and nobody has given it. */
export function lacksConsent(token: TokenRequest, fields: Fields): boolean {
  return token.authorizationUrlInput !== undefined && (fields[refreshTokenField] ?? '') === '';
}

/** Scopes as they were entered; empty when none were. */
export function scopeOf(token: TokenRequest, fields: Fields): string {
  return fill(token.scope ?? '', fields).trim();
}

/** The grant of RFC 6749 4.1.3, 6 or 4.4.2. */
function grantOf(token: TokenRequest, fields: Fields, consent: ConsentCode | null): URLSearchParams {
  if (consent !== null) {
    const { code, redirectUri, verifier } = consent;
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    return new URLSearchParams(grant);
  }
  if (token.authorizationUrlInput !== undefined) {
    return new URLSearchParams({ grant_type: 'refresh_token', refresh_token: fields[refreshTokenField] ?? '' });
  }
  const scope = scopeOf(token, fields);
  return new URLSearchParams({ grant_type: 'client_credentials', ...(scope === '' ? {} : { scope }) });
}

/** The client in the form, or in a Basic header with both parts form-encoded (RFC 6749 2.3.1). */
export function tokenCall(
  token: TokenRequest,
  fields: Fields,
  url: string,
  consent: ConsentCode | null = null,
): TokenCall {
  const [id, secret] = [fill(token.clientId, fields), fill(token.clientSecret, fields)];
  const form = grantOf(token, fields, consent);
  const clientIn = fields[token.clientInInput ?? ''] || token.clientIn;
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (clientIn === 'basic') {
    const pair = `${formEncoded(id)}:${formEncoded(secret)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  } else {
    form.set('client_id', id);
    form.set('client_secret', secret);
  }
  return { url, headers, body: form.toString() };
}

/** A name that every server reads as one plain path segment: an id, or a domain (N5). */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

const placeholder = /\{([a-z][a-zA-Z0-9]*)\}/g;

function fill(text: string, fields: Fields): string {
  return text.replace(placeholder, (_, name: string) => fields[name] ?? '');
}

function filledUrl(template: string, fields: Fields): string {
  return template.replace(placeholder, (_, name: string) => {
    const value = (fields[name] ?? '').trim();
    if (!plainName.test(value)) {
      throw tokenUrlRefused(
        `the value of "${name}" may hold letters, digits, dots, dashes and underscores. Correct it`,
      );
    }
    return value;
  });
}

function formEncoded(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
