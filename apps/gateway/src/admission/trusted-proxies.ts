import { z } from 'zod';

/** Value of Express's `trust proxy`: nobody, that many proxies before this gateway, or those at these addresses. */
export type TrustedProxies = false | number | readonly string[];

const isV4 = z.ipv4();
const isV6 = z.ipv6();

/** Names that Express knows for ranges. */
const ranges = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Whose `X-Forwarded-For` is believed. "true" is refused: then the address is what the client says it is.
 * @returns null when it cannot be understood
 */
export function parseTrustedProxies(text: string): TrustedProxies | null {
  if (text === '' || text === 'false') return false;
  if (/^[1-9]$/.test(text)) return Number(text);
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.every(isProxy) ? entries : null;
}

function isProxy(entry: string): boolean {
  if (ranges.includes(entry)) return true;
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const longest = isV4.safeParse(address).success ? 32 : isV6.safeParse(address).success ? 128 : 0;
  // A range of all addresses would trust everybody, as "true" would.
  return longest > 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= longest));
}
