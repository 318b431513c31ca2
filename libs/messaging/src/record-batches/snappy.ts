import { BoundedOutput } from './bounded-output.js';
import { ByteReader } from './byte-reader.js';
import { Unreadable } from './unreadable.js';

/** Kafka's own producers wrap Snappy in the stream format of xerial's snappy-java; others send the bare block. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialVersions = 8;

/**
 * Format: https://github.com/google/snappy/blob/main/format_description.txt.
 * @throws Unreadable
 */
export function decompressSnappy(bytes: Buffer, limit: number): Buffer {
  const output = new BoundedOutput(limit);
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) decompressBlock(bytes, output);
  else {
    const reader = new ByteReader(bytes, xerialMagic.length + xerialVersions);
    while (reader.left > 0) decompressBlock(reader.take(reader.int32()), output);
  }
  return output.take();
}

function decompressBlock(bytes: Buffer, output: BoundedOutput): void {
  const { length, bodyAt } = lengthOf(bytes);
  const before = output.left;
  for (let at = bodyAt; at < bytes.length;) {
    const tag = bytes[at]!;
    at = (tag & 3) === 0 ? copyLiteral(bytes, at, output) : copyEarlier(bytes, at, output);
  }
  if (before - output.left !== length) throw new Unreadable('its Snappy block has another length than it says');
}

function lengthOf(bytes: Buffer): { length: number; bodyAt: number } {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = byteAt(bytes, at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, bodyAt: at + 1 };
  }
  throw new Unreadable('its Snappy block states no length');
}

/** Up to 60 bytes by the tag itself, else by one to four bytes behind it. */
function copyLiteral(bytes: Buffer, at: number, output: BoundedOutput): number {
  const short = bytes[at]! >> 2;
  const lengthBytes = Math.max(0, short - 59);
  const length = 1 + (lengthBytes === 0 ? short : littleEndian(bytes, at + 1, lengthBytes));
  const start = at + 1 + lengthBytes;
  if (start + length > bytes.length) throw new Unreadable('its Snappy block ends too early');
  output.append(bytes, start, start + length);
  return start + length;
}

function copyEarlier(bytes: Buffer, at: number, output: BoundedOutput): number {
  const tag = bytes[at]!;
  if ((tag & 3) === 1) {
    output.repeat(((tag >> 5) << 8) + byteAt(bytes, at + 1), ((tag >> 2) & 7) + 4);
    return at + 2;
  }
  const distanceBytes = (tag & 3) === 2 ? 2 : 4;
  output.repeat(littleEndian(bytes, at + 1, distanceBytes), (tag >> 2) + 1);
  return at + 1 + distanceBytes;
}

function littleEndian(bytes: Buffer, at: number, count: number): number {
  if (at + count > bytes.length) throw new Unreadable('its Snappy block ends too early');
  return bytes.readUIntLE(at, count);
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Unreadable('its Snappy block ends too early');
  return byte;
}
