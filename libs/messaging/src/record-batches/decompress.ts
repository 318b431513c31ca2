import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { ZSTDDecoder } from 'zstddec';

import { tooLarge } from './bounded-output.js';
import { decompressLz4 } from './lz4.js';
import { decompressSnappy } from './snappy.js';
import { Unreadable } from './unreadable.js';

/** Names by which brokers and topics are told how to compress (`compression.type`), at the number a batch carries. */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** Values of `compression.type` beside the codecs: batches stay as they were sent. */
const asSent = ['producer', 'uncompressed'];

/** Whether batches of a topic with this `compression.type` can be read. */
export const isReadableCompression = (type: string): boolean =>
  asSent.includes(type) || (codecNames as readonly string[]).includes(type);

const gunzipAsync = promisify(gunzip);
const zstd = new ZSTDDecoder();

/**
 * What was compressed, up to `limit` bytes.
 * @param codec the number that a record batch carries, 1 to 7
 * @throws Unreadable
 */
export async function decompress(codec: number, bytes: Buffer, limit: number): Promise<Buffer> {
  switch (codecNames[codec]) {
    case 'gzip':
      return decompressGzip(bytes, limit);
    case 'snappy':
      return decompressSnappy(bytes, limit);
    case 'lz4':
      return decompressLz4(bytes, limit);
    case 'zstd':
      return decompressZstd(bytes, limit);
    default:
      throw new Unreadable(`it is compressed by codec ${codec}, which Rollcall does not know`);
  }
}

async function decompressGzip(bytes: Buffer, limit: number): Promise<Buffer> {
  try {
    return await gunzipAsync(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new Unreadable('its gzip data is damaged', { cause });
  }
}

/** The decoder gets the room that there is and says no size for an error. */
async function decompressZstd(bytes: Buffer, limit: number): Promise<Buffer> {
  await zstd.init();
  const plain = zstd.decode(bytes, limit);
  if (plain.length === 0) {
    const limitMiB = Math.round(limit / 1024 / 1024);
    throw new Unreadable(`its Zstandard data is damaged, or decompresses to more than ${limitMiB} MiB`);
  }
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length);
}
