import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import fc from 'fast-check';

import { bodyLimitOf, documentBody, type OperationDefinition } from './operation.js';
import { readBody } from './read-body.js';

const limit = 100;

function read(chunks: readonly (Buffer | string)[], headers: Record<string, string> = {}, isEnded = true) {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  if (isEnded) stream.end();
  const request = Object.assign(stream, { headers });
  const body = readBody(request as unknown as Request, {} as Response, limit);
  return { stream, body };
}

const refusedAs = (code: string, words = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(words) });

describe('reading a body', () => {
  it('gives what was sent, in however many pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (text, size) => {
          const bytes = Buffer.from(JSON.stringify({ t: text }));
          fc.pre(bytes.length <= limit);
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
            bytes.subarray(at * size, (at + 1) * size),
          );
          expect(await read(pieces).body).toEqual({ t: text });
        },
      ),
    );
    expect(await read([]).body).toEqual({});
  });

  it('refuses every text of bytes that is not UTF-8, and never puts a mark in the place of one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 20 }), async (bytes) => {
        const raw = Buffer.from(bytes);
        fc.pre(!Buffer.from(raw.toString('utf8')).equals(raw));
        const { body } = read([Buffer.concat([Buffer.from('["'), raw, Buffer.from('"]')])]);
        await expect(body).rejects.toEqual(refusedAs('malformed-body', 'not UTF-8'));
      }),
    );
  });

  it('refuses what is announced as too large without reading a byte', async () => {
    const { stream, body } = read(['x'.repeat(50)], { 'content-length': String(limit + 1) }, false);
    await expect(body).rejects.toEqual(refusedAs('body-too-large', 'the most that is taken here'));
    expect(stream.readableLength).toBe(50);
  });

  it('refuses what turns out to be too large before its end, and lets the rest go', async () => {
    const { stream, body } = read(['x'.repeat(60), 'x'.repeat(60)], {}, false);
    await expect(body).rejects.toEqual(refusedAs('body-too-large'));
    expect(stream.isPaused()).toBe(false);
    expect(stream.listenerCount('data')).toBe(0);
  });

  it('takes a body of exactly the limit', async () => {
    expect(await read([`"${'x'.repeat(limit - 2)}"`], { 'content-length': String(limit) }).body).toBe('x'.repeat(98));
  });

  it.each<[string, Record<string, string>]>([
    ['compressed', { 'content-encoding': 'gzip' }],
    ['in another character set', { 'content-type': 'application/json; charset=iso-8859-1' }],
  ])('refuses what is %s', async (_, headers) => {
    await expect(read(['{}'], headers).body).rejects.toEqual(refusedAs('unsupported-media-type'));
  });

  it('quotes nothing of what is no JSON', async () => {
    const { body } = read(['{"password":"example-canary" ']);
    await expect(body).rejects.toEqual(refusedAs('malformed-body', 'not valid JSON'));
    await expect(body).rejects.not.toEqual(refusedAs('malformed-body', 'canary'));
  });

  it('ends when the sender goes away, before or while it is read', async () => {
    const { stream, body } = read(['{"a":'], {}, false);
    stream.destroy();
    await expect(body).rejects.toEqual(refusedAs('malformed-body', 'too early'));
    const gone = Object.assign(new PassThrough().destroy(), { headers: {} });
    await expect(readBody(gone as unknown as Request, {} as Response, limit)).rejects.toEqual(
      refusedAs('malformed-body', 'too early'),
    );
  });
});

describe('the limit of a body', () => {
  const operation: OperationDefinition = { id: 'x', method: 'POST', path: '/x', tag: 'x', summary: 'x' };

  it('is small where none is wanted, larger for forms, and largest for documents', () => {
    const body = {} as NonNullable<OperationDefinition['body']>;
    const limits = [operation, { ...operation, body }, { ...operation, body, largestBody: documentBody }].map(
      bodyLimitOf,
    );
    expect(limits).toEqual([1024, 256 * 1024, 1024 * 1024]);
  });
});
