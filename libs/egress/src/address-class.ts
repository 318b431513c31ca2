import { isIPv4, isIPv6 } from 'node:net';

/** `public` may be connected to, `loopback` with the development switch, `refused` never. */
export type AddressClass = 'public' | 'loopback' | 'refused';

type Range = readonly [prefix: string, bits: number];

/** IANA special-purpose registry for IPv4, multicast, and the one metadata service that lies in public space (Azure). */
const refusedV4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32],
];

/** Inside 2000::/3, which is all that is public: protocol assignments with Teredo and ORCHID, documentation, 6to4. */
const refusedV6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/**
 * Classifies an address as `net` prints it or as it stands in a URL (with or without brackets). Default deny: what is
 * not understood, and any scope id, is refused (P27).
 */
export function classifyAddress(address: string): AddressClass {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
  if (isIPv4(bare)) return classifyV4(bytesOfV4(bare));
  if (isIPv6(bare) && !bare.includes('%')) return classifyV6(bytesOfV6(bare));
  return 'refused';
}

/** One spelling per address, for comparing what was allowed with what was connected to. */
export function canonicalAddress(address: string): string {
  if (isIPv4(address)) return address;
  if (!isIPv6(address) || address.includes('%')) return address;
  const bytes = bytesOfV6(address);
  return isMapped(bytes) ? bytes.slice(12).join('.') : bytes.join('.');
}

function classifyV4(bytes: readonly number[]): AddressClass {
  if (bytes[0] === 127) return 'loopback';
  return refusedV4.some(([prefix, bits]) => hasPrefix(bytes, bytesOfV4(prefix), bits)) ? 'refused' : 'public';
}

const loopbackV6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const nat64 = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

function classifyV6(bytes: readonly number[]): AddressClass {
  if (hasPrefix(bytes, loopbackV6, 128)) return 'loopback';
  if (isMapped(bytes)) return classifyV4(bytes.slice(12));
  // A network without IPv4 reaches public hosts through NAT64; what counts is the address behind it.
  if (hasPrefix(bytes, nat64, 96)) return classifyV4(bytes.slice(12)) === 'public' ? 'public' : 'refused';
  if ((bytes[0]! & 0xe0) !== 0x20) return 'refused';
  return refusedV6.some(([prefix, bits]) => hasPrefix(bytes, bytesOfV6(prefix), bits)) ? 'refused' : 'public';
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

function hasPrefix(bytes: readonly number[], prefix: readonly number[], bits: number): boolean {
  const whole = Math.floor(bits / 8);
  if (prefix.slice(0, whole).some((byte, at) => byte !== bytes[at])) return false;
  const rest = bits % 8;
  return rest === 0 || ((bytes[whole]! ^ prefix[whole]!) & (0xff << (8 - rest))) === 0;
}

const bytesOfV4 = (address: string): number[] => address.split('.').map(Number);

/** Expects a valid address; the tail may be written as IPv4. */
function bytesOfV6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = groupBytes(head);
  if (tail === undefined) return left;
  const right = groupBytes(tail);
  return [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right];
}

function groupBytes(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return bytesOfV4(group);
    const value = parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
