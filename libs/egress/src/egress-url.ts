import { classifyAddress } from './address-class.js';
import { EgressError } from './egress.errors.js';
import type { HostList } from './host-list.js';

/** Longest URL that is sent. */
export const longestUrlBytes = 8 * 1024;

export interface UrlPolicy {
  readonly hosts: HostList;
  /** Ports beside 443. */
  readonly ports: ReadonlySet<number>;
  readonly allowHttp: boolean;
  readonly allowLoopback: boolean;
}

const shape = /^(https?):\/\/([^/?#]+)([/?#].*)?$/i;
const authorityShape = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;
/** Control characters, spaces and backslashes: parsers drop or turn them, so readers and machines disagree. */
const foldedCharacters = /[\x00-\x20\x7f\\]/; // eslint-disable-line no-control-regex -- control characters are what is looked for

function blocked(why: string): EgressError {
  return new EgressError('blocked-url', `The URL was refused and nothing was sent: ${why}. Correct the address.`);
}

/**
 * Parses a URL strictly: scheme http or https, no userinfo, and a host written just as it is understood. The parser of
 * the platform folds decimal, octal, full-width and circled digits to an address (N6); such spellings are refused.
 * @throws EgressError blocked-url
 */
export function parseEgressUrl(text: string): URL {
  if (Buffer.byteLength(text) > longestUrlBytes) throw blocked(`it is longer than ${longestUrlBytes} bytes`);
  if (foldedCharacters.test(text)) throw blocked('it contains a space, a backslash or a control character');
  const authority = shape.exec(text)?.[2];
  if (authority === undefined) throw blocked('it is not a complete http or https address');
  if (authority.includes('@')) throw blocked('it carries a user name or password');
  const host = authorityShape.exec(authority)?.[1];
  if (host === undefined || !URL.canParse(text)) throw blocked('its host is not written as a plain name or address');
  const url = new URL(text);
  if (!host.startsWith('[') && host.toLowerCase() !== url.hostname) {
    throw blocked('its host is an unusual spelling of an address');
  }
  return url;
}

/**
 * The URL if policy lets it be asked; addresses behind a name are checked later, when it is resolved.
 * @throws EgressError blocked-url, host-not-allowed, blocked-address
 */
export function checkUrl(text: string, policy: UrlPolicy): URL {
  const url = parseEgressUrl(text);
  const loopback = policy.allowLoopback && isLoopbackHost(url.hostname);
  checkHostName(url.hostname, loopback);
  if (url.protocol === 'http:' && !policy.allowHttp) throw blocked('only https is allowed');
  if (!policy.hosts.allows(url.hostname)) {
    const message = `${url.hostname} is not among the hosts that may be asked here. Nothing was sent. Check the address, or allow the host.`;
    throw new EgressError('host-not-allowed', message, { host: url.hostname });
  }
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!loopback && port !== 443 && !policy.ports.has(port)) throw blocked('its port is not allowed');
  url.hash = '';
  return url;
}

function checkHostName(hostname: string, loopback: boolean): void {
  if (hostname.startsWith('[') || loopback) return;
  if (hostname.endsWith('.')) throw blocked('its host ends in a dot');
  // A name without a dot would be completed by the search domains of the machine.
  if (!hostname.includes('.')) throw blocked('its host has no domain');
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || classifyAddress(hostname) === 'loopback';
}

/** Is `url` a complete URL of the same scheme, host and port as `base`? For cursors that are URLs (V22). */
export function sameOrigin(base: string, url: string): boolean {
  try {
    return parseEgressUrl(base).origin === parseEgressUrl(url).origin;
  } catch {
    return false;
  }
}
