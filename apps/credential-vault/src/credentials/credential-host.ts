import { isFullHost } from '@rollcall/egress';

import { originOf } from '../keys/field-place.js';
import type { Manifest } from '../manifests.module.js';
import { hostNotAllowed } from './credentials.errors.js';

/**
 * The base URL a credential is bound to: the connector's own unless another is given. Others need https; this machine
 * only with the development switch, then also without TLS. Addresses inside private networks are refused when they are
 * called, after the name was resolved (P27).
 * @throws CredentialError host-not-allowed
 */
export function baseUrlOf(given: string | null, manifest: Manifest, allowLoopback: boolean): string {
  const text = (given ?? '').trim();
  if (text === '') return manifest.baseUrl;
  const url = parseUrl(text);
  if (url.origin === new URL(manifest.baseUrl).origin) return textOf(url);
  if (isLoopback(url.hostname)) {
    if (!allowLoopback || !['http:', 'https:'].includes(url.protocol)) {
      throw hostNotAllowed(
        'it points at the machine itself. For development start Rollcall with it (ALLOW_LOOPBACK=true ./rollcall up); else enter the address of the vendor',
      );
    }
    return textOf(url);
  }
  if (url.protocol !== 'https:') throw hostNotAllowed('secrets travel encrypted only. Enter an address with https://');
  if (!isFullHost(url.hostname)) {
    throw hostNotAllowed(
      'its host is not a full name. Enter it like https://api.example.com, without a dot at its end',
    );
  }
  return textOf(url);
}

/** Whether a secret stored for `one` may be used at `other`: scheme, host and port are the same (P21). */
export function isSameOrigin(one: string, other: string): boolean {
  return originOf(one) === originOf(other);
}

/** The error of `new URL` quotes its input, which may hold a password (N8). */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && url.hostname !== '') return withoutExtras(url);
  // The common slip (R11). Only plain host names are repeated: anything else may hold a password.
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+\/?$/i.test(text)) {
    throw hostNotAllowed(`it has no protocol. Enter it as https://${text}`);
  }
  throw hostNotAllowed('it is not an address. Enter it like https://api.example.com');
}

function withoutExtras(url: URL): URL {
  if (url.username !== '' || url.password !== '') {
    throw hostNotAllowed('it contains a user name or password. Enter these as fields of the credential');
  }
  if (url.search !== '' || url.hash !== '') {
    throw hostNotAllowed('it contains a query or fragment. Enter the address without "?" and "#"');
  }
  return url;
}

const textOf = (url: URL): string => (url.pathname === '/' ? url.origin : url.href);

/** URL has folded all spellings of IPv4 addresses already (N6). */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (/^127\.\d+\.\d+\.\d+$/.test(host) || host === '0.0.0.0') return true;
  return ['[::1]', '[::]'].includes(host) || host.startsWith('[::ffff:7f');
}
