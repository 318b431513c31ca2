import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';

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

const loopbackV4: Range = ['127.0.0.0', 8];
/** A network without IPv4 reaches public hosts through NAT64; what counts is the IPv4 address in the last four bytes. */
const nat64 = '64:ff9b::';

// A list of Node's matches an IPv6 address that is a mapped IPv4 address (::ffff:10.0.0.1) by its IPv4 ranges too.
const loopback = listOf([loopbackV4], [['::1', 128]]);
const refused = listOf(refusedV4, [...refusedV6, ...[...refusedV4, loopbackV4].map(throughNat64)]);
const reachableV6 = listOf(
  [],
  [
    ['2000::', 3],
    ['::ffff:0:0', 96],
    [nat64, 96],
  ],
);

/**
 * Classifies an address as `net` prints it or as it stands in a URL (with or without brackets). Default deny: what is
 * not understood, and any scope id, is refused (P27).
 */
export function classifyAddress(address: string): AddressClass {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
  if (isIPv4(bare)) return classOf(bare, 'ipv4');
  if (!isIPv6(bare) || bare.includes('%')) return 'refused';
  const found = classOf(bare, 'ipv6');
  return found === 'public' && !reachableV6.check(bare, 'ipv6') ? 'refused' : found;
}

/** One spelling per address, for comparing what was allowed with what was connected to. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address) || address.includes('%')) return address;
  const { address: spelled } = new SocketAddress({ address, family: 'ipv6' });
  return spelled.replace(/^::ffff:(?=\d+\.)/, '');
}

function classOf(address: string, family: 'ipv4' | 'ipv6'): AddressClass {
  if (loopback.check(address, family)) return 'loopback';
  return refused.check(address, family) ? 'refused' : 'public';
}

function throughNat64([prefix, bits]: Range): Range {
  return [`${nat64}${prefix}`, 96 + bits];
}

function listOf(v4: readonly Range[], v6: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [prefix, bits] of v4) list.addSubnet(prefix, bits, 'ipv4');
  for (const [prefix, bits] of v6) list.addSubnet(prefix, bits, 'ipv6');
  return list;
}
