/**
 * What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, which is the least that a
 * provider gives to one customer. Whoever has such a network could send each request from another address of it.
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  return bare.includes(':') ? `${groupsOf(bare).slice(0, 4).join(':')}::/64` : bare;
}

function groupsOf(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted IPv4 at the end stands for two groups; it is behind the first 64 bits in every address that has one.
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after].map((group) =>
    group.replace(/^0+(?=.)/, ''),
  );
}
