import type { Request, Response } from 'express';

import { GatewayError } from '../gateway.errors.js';

const nothingDone = 'Nothing was done.';

/** Does the request announce a body? */
export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The JSON body of a request. Called once it is known who asks and that they may: until then not a byte of it was read.
 * A body that is announced as too large is refused before it is sent, where the client waits for `100 Continue`.
 * @throws GatewayError body-too-large, unsupported-media-type, malformed-body
 */
export async function readBody(request: Request, response: Response, limit: number): Promise<unknown> {
  refuseEncoding(request);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  if (request.headers.expect !== undefined) response.writeContinue();
  const bytes = await bytesOf(request, limit);
  return bytes.length === 0 ? {} : parsed(textOf(bytes));
}

function refuseEncoding({ headers }: Request): void {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (/^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity') return;
  throw new GatewayError(
    'unsupported-media-type',
    'The body is compressed or in a character set other than UTF-8. Send plain UTF-8 JSON.',
  );
}

function tooLarge(limit: number): GatewayError {
  const most = limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MB` : `${limit / 1024} KB`;
  return new GatewayError(
    'body-too-large',
    `The body is larger than ${most}, the most that is taken here. ${nothingDone} Send less at once.`,
  );
}

function bytesOf(request: Request, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) return void chunks.push(chunk);
      request.off('data', onData);
      // The rest is thrown away as it comes; the server ends the connection if that takes too long.
      request.resume();
      reject(tooLarge(limit));
    };
    request.on('data', onData);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    const onBroken = () => reject(new GatewayError('malformed-body', `The body ended too early. ${nothingDone}`));
    // The sender went away while their key was looked up: nothing more will be heard of them.
    if (request.destroyed) return onBroken();
    request.once('error', onBroken);
    request.once('close', onBroken);
  });
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new GatewayError(
      'malformed-body',
      `The body holds bytes that are not UTF-8. ${nothingDone} Write it in UTF-8 and send it again.`,
    );
  }
}

/** The parser's own words are not shown: they quote what it stumbled over, which may be a secret (N8). */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GatewayError(
      'malformed-body',
      `The body is not valid JSON. ${nothingDone} Correct it and send it again.`,
    );
  }
}
