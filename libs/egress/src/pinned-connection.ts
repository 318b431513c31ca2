import { lookup } from 'node:dns/promises';
import type { LookupFunction, Socket } from 'node:net';

import { buildConnector } from 'undici';

import { canonicalAddress, classifyAddress } from './address-class.js';
import { blockedAddress, EgressError, systemCodeOf } from './egress.errors.js';
import type { ProxyTunnel } from './proxy-tunnel.js';

/** All addresses of a name, in the order they should be tried. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

export interface ConnectionOptions {
  readonly resolver: Resolver;
  readonly allowLoopback: boolean;
  readonly connectTimeoutMs: number;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly certificateAuthority?: string;
  readonly proxy?: ProxyTunnel;
}

/**
 * Resolves a name once and returns its addresses if every single one is allowed: one private answer among public ones
 * is an attack or a mistake, and both are refused (P27).
 * @throws EgressError blocked-address, unreachable
 */
export async function allowedAddresses(
  hostname: string,
  resolver: Resolver,
  allowLoopback: boolean,
): Promise<readonly string[]> {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const addresses = isLiteral(literal) ? [literal] : await resolve(literal, resolver);
  const isAllowed = (address: string): boolean => {
    const found = classifyAddress(address);
    return found === 'public' || (found === 'loopback' && allowLoopback);
  };
  if (!addresses.every(isAllowed)) throw blockedAddress(hostname);
  return addresses;
}

const isLiteral = (hostname: string): boolean => hostname.includes(':') || /^[\d.]+$/.test(hostname);

async function resolve(hostname: string, resolver: Resolver): Promise<readonly string[]> {
  let reason = 'no address';
  try {
    const addresses = await resolver(hostname);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    reason = systemCodeOf(error);
  }
  const message = `The name ${hostname} has no address (${reason}). Check its spelling and the name servers, then try again.`;
  throw new EgressError('unreachable', message, { host: hostname, reason });
}

/** Does the socket lead to one of the addresses that were allowed? */
export function isPinned(remoteAddress: string | undefined, allowed: readonly string[]): boolean {
  if (remoteAddress === undefined) return false;
  const remote = canonicalAddress(remoteAddress);
  return allowed.some((address) => canonicalAddress(address) === remote);
}

/** A connector for undici that connects to the addresses it has just classified and to no other. */
export function pinnedConnector(options: ConnectionOptions): buildConnector.connector {
  return (target, callback) => {
    openSocket(options, target).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error('connect failed'), null),
    );
  };
}

async function openSocket(options: ConnectionOptions, target: buildConnector.Options): Promise<Socket> {
  const addresses = await allowedAddresses(target.hostname, options.resolver, options.allowLoopback);
  const isLoopback = addresses.some((address) => classifyAddress(address) === 'loopback');
  if (options.proxy && !isLoopback) return options.proxy.open(addresses[0]!, target, tlsOptions(options));
  const connect = buildConnector({
    ...tlsOptions(options),
    timeout: options.connectTimeoutMs,
    autoSelectFamily: true,
    lookup: pinnedLookup(addresses),
  });
  const socket = await new Promise<Socket>((resolve, reject) => {
    connect(target, (error, opened) => (opened ? resolve(opened) : reject(error ?? new Error('connect failed'))));
  });
  if (!isPinned(socket.remoteAddress, addresses)) {
    socket.destroy();
    throw blockedAddress(target.hostname);
  }
  return socket;
}

/** `rejectUnauthorized` is stated because the environment can switch the default off. */
export function tlsOptions(options: Pick<ConnectionOptions, 'certificateAuthority'>): {
  rejectUnauthorized: true;
  minVersion: 'TLSv1.2';
  ca?: string;
} {
  const ca = options.certificateAuthority;
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) };
}

function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_hostname, lookupOptions, callback) => {
    if (lookupOptions.all) callback(null, all);
    else callback(null, all[0]!.address, all[0]!.family);
  };
}
