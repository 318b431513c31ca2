import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';

import { answerCut, answerTooLarge, answerUnreadable, systemCodeOf } from './egress.errors.js';

export interface AnswerLimits {
  readonly host: string;
  /** Most bytes, on the wire and again after decompression. */
  readonly maxBytes: number;
}

/** Collects the body as sent. @throws EgressError answer-too-large, answer-cut (shorter or longer than it said, N2) */
export async function collectBody(
  body: AsyncIterable<Buffer>,
  contentLength: string | undefined,
  { host, maxBytes }: AnswerLimits,
): Promise<Buffer> {
  const stated = contentLength === undefined ? null : Number(contentLength);
  if (stated !== null && stated > maxBytes) throw answerTooLarge(host, `it claims to be longer than ${maxBytes} bytes`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw answerTooLarge(host, `it is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (stated !== null && stated !== bytes) throw answerCut(host, { reason: 'content-length' });
  return Buffer.concat(chunks, bytes);
}

type Decompress = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;
const gunzipAll: Decompress = promisify(gunzip);
const brotliAll: Decompress = promisify(brotliDecompress);
const inflateAll: Decompress = promisify(inflate);
const inflateRawAll: Decompress = promisify(inflateRaw);

const decoders: Readonly<Record<string, Decompress>> = {
  gzip: gunzipAll,
  'x-gzip': gunzipAll,
  br: brotliAll,
  // Servers send "deflate" with and without the zlib header; its first byte tells.
  deflate: (body, options) => ((body[0]! & 0x0f) === 8 ? inflateAll : inflateRawAll)(body, options),
};

/** What `accept-encoding` offers. */
export const acceptedEncodings = 'gzip, deflate, br';
const mostEncodings = 2;

/**
 * Undoes `content-encoding`. A stream that ends early is an error although its length on the wire was right (N2), and
 * decompression stops at the limit, whatever the stream would become (V17).
 * @throws EgressError answer-cut, answer-too-large, answer-unreadable
 */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  { host, maxBytes }: AnswerLimits,
): Promise<Buffer> {
  const encodings = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > mostEncodings || encodings.some((name) => !Object.hasOwn(decoders, name))) {
    throw answerUnreadable(host, 'its content encoding is unknown');
  }
  let decoded = body;
  // An empty body has nothing to undo; some servers state an encoding with it.
  for (const name of body.length === 0 ? [] : encodings.reverse()) {
    try {
      decoded = await decoders[name]!(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      throw decodingError(error, host, maxBytes);
    }
  }
  return decoded;
}

function decodingError(error: unknown, host: string, maxBytes: number): Error {
  const code = systemCodeOf(error);
  if (code === 'ERR_BUFFER_TOO_LARGE') return answerTooLarge(host, `it grows beyond ${maxBytes} bytes`, { code });
  if (code === 'Z_BUF_ERROR') return answerCut(host, { reason: 'compressed stream' });
  return answerUnreadable(host, 'its compression is damaged');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text of UTF-8 bytes without byte-order mark. Never replaces a broken character (V10). @throws EgressError */
export function decodeText(body: Buffer, host: string): string {
  try {
    return utf8.decode(body);
  } catch {
    throw answerUnreadable(host, 'it is not UTF-8');
  }
}
