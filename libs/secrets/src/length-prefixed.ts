/**
 * One unambiguous byte string for a list of texts: each part behind its length in bytes (32 bits, big endian), so that
 * ("ab", "c") and ("a", "bc") differ.
 */
export function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
