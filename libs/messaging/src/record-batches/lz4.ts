import { BoundedOutput } from './bounded-output.js';
import { Unreadable } from './unreadable.js';

const magic = 0x184d2204;
const flags = { blockChecksum: 0x10, contentSize: 0x08, dictionary: 0x01 };
const storedBlock = 0x80000000;
const shortestMatch = 4;

/**
 * One frame, as Kafka writes it. Checksums are passed over: the broker has its own over the whole batch.
 * Formats: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md.
 * @throws Unreadable
 */
export function decompressLz4(bytes: Buffer, limit: number): Buffer {
  const { blocksAt, hasBlockChecksums } = readHeader(bytes);
  const output = new BoundedOutput(limit);
  for (let at = blocksAt; ;) {
    const size = uint32(bytes, at);
    if (size === 0) return output.take();
    const length = size % storedBlock;
    const start = at + 4;
    if (start + length > bytes.length) throw cutOff();
    if (size >= storedBlock) output.append(bytes, start, start + length);
    else decompressBlock(bytes.subarray(start, start + length), output);
    at = start + length + (hasBlockChecksums ? 4 : 0);
  }
}

function readHeader(bytes: Buffer): { blocksAt: number; hasBlockChecksums: boolean } {
  if (uint32(bytes, 0) !== magic || bytes.length < 7) throw new Unreadable('it is not an LZ4 frame');
  const given = bytes[4]!;
  if (given >> 6 !== 1) throw new Unreadable('its LZ4 frame has an unknown version');
  if ((given & flags.dictionary) !== 0) throw new Unreadable('its LZ4 frame needs a dictionary');
  // Magic number, flags, block size, checksum of these.
  const blocksAt = 7 + ((given & flags.contentSize) === 0 ? 0 : 8);
  return { blocksAt, hasBlockChecksums: (given & flags.blockChecksum) !== 0 };
}

/** Literals and a match by turns; the last literals have no match behind them. */
function decompressBlock(block: Buffer, output: BoundedOutput): void {
  for (let at = 0; at < block.length;) {
    const token = block[at]!;
    const literals = lengthAt(block, at + 1, token >> 4);
    const matchAt = literals.next + literals.length;
    if (matchAt > block.length) throw cutOff();
    output.append(block, literals.next, matchAt);
    if (matchAt === block.length) return;
    if (matchAt + 2 > block.length) throw cutOff();
    const match = lengthAt(block, matchAt + 2, token & 15);
    output.repeat(block[matchAt]! | (block[matchAt + 1]! << 8), match.length + shortestMatch);
    at = match.next;
  }
}

/** Four bits, and bytes behind them as long as each is full. */
function lengthAt(block: Buffer, at: number, short: number): { length: number; next: number } {
  let length = short;
  let next = at;
  for (let full = short === 15; full;) {
    const byte = block[next];
    if (byte === undefined) throw cutOff();
    length += byte;
    next += 1;
    full = byte === 255;
  }
  return { length, next };
}

function uint32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw cutOff();
  return bytes.readUInt32LE(at);
}

const cutOff = (): Unreadable => new Unreadable('its LZ4 frame ends too early');
