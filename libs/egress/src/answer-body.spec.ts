import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';

import { collectBody, decodeBody, decodeText } from './answer-body.js';

const limits = { host: 'api.vendor.example', maxBytes: 1_000_000 };
const text = JSON.stringify({ users: Array.from({ length: 200 }, (_, id) => ({ id, name: `Zoë ${id}` })) });
const compress: Record<string, (body: Buffer) => Buffer> = {
  gzip: (body) => gzipSync(body),
  // The best quality, which is the default, takes seconds for a bomb.
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  deflate: (body) => deflateSync(body),
};

async function* stream(...chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

describe('decodeBody', () => {
  it.each(Object.keys(compress))('decodes %s', async (name) => {
    const body = await decodeBody(compress[name]!(Buffer.from(text)), name, limits);
    expect(body.toString()).toBe(text);
  });

  it('decodes deflate without zlib header, upper case, and two encodings', async () => {
    const raw = await decodeBody(deflateRawSync(Buffer.from(text)), 'DEFLATE', limits);
    const twice = await decodeBody(gzipSync(deflateSync(Buffer.from(text))), 'deflate, gzip', limits);
    expect([raw.toString(), twice.toString()]).toEqual([text, text]);
  });

  it.each(Object.keys(compress))('refuses %s cut at every eighth byte (N2)', async (name) => {
    const whole = compress[name]!(Buffer.from(text));
    for (let length = 1; length < whole.length; length += 8) {
      await expect(decodeBody(whole.subarray(0, length), name, limits)).rejects.toMatchObject({
        code: expect.stringMatching(/^answer-(cut|unreadable)$/),
      });
    }
    await expect(decodeBody(whole.subarray(0, whole.length - 1), name, limits)).rejects.toMatchObject({
      code: 'answer-cut',
    });
  });

  it.each(Object.keys(compress))('stops a %s bomb at the limit (V17)', async (name) => {
    const bomb = compress[name]!(Buffer.alloc(80_000_000));
    const before = process.memoryUsage().rss;
    await expect(decodeBody(bomb, name, limits)).rejects.toMatchObject({ code: 'answer-too-large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });

  it.each(['zstd', 'compress', 'constructor', 'gzip, gzip, gzip'])('refuses the encoding %p', async (name) => {
    await expect(decodeBody(Buffer.from('x'), name, limits)).rejects.toMatchObject({ code: 'answer-unreadable' });
  });

  it('refuses damaged compression and accepts an empty body', async () => {
    await expect(decodeBody(Buffer.from('plain text'), 'gzip', limits)).rejects.toMatchObject({
      code: 'answer-unreadable',
    });
    expect(await decodeBody(Buffer.alloc(0), 'gzip', limits)).toHaveLength(0);
  });
});

describe('collectBody', () => {
  it('refuses fewer or more bytes than stated', async () => {
    for (const stated of ['3', '5']) {
      await expect(collectBody(stream(Buffer.from('four')), stated, limits)).rejects.toMatchObject({
        code: 'answer-cut',
      });
    }
    expect((await collectBody(stream(Buffer.from('fo'), Buffer.from('ur')), '4', limits)).toString()).toBe('four');
  });

  it('stops at the limit, stated or not', async () => {
    const small = { ...limits, maxBytes: 3 };
    await expect(collectBody(stream(Buffer.from('four')), undefined, small)).rejects.toMatchObject({
      code: 'answer-too-large',
    });
    await expect(collectBody(stream(), '4', small)).rejects.toMatchObject({ code: 'answer-too-large' });
  });
});

describe('decodeText', () => {
  it('refuses what is not UTF-8 instead of replacing characters (V10)', () => {
    const bodies = [
      Buffer.from([0xc3]),
      Buffer.from('Zoë', 'latin1'),
      Buffer.from('\ufeffZoë', 'utf16le'),
      Buffer.from([0xed, 0xa0, 0x80]),
    ];
    for (const body of bodies) {
      expect(() => decodeText(body, 'h')).toThrow(
        expect.objectContaining({ code: 'answer-unreadable' }) as unknown as Error,
      );
    }
  });

  it('strips the byte-order mark', () => {
    expect(decodeText(Buffer.from('\ufeff{"name":"Zoë"}'), 'h')).toBe('{"name":"Zoë"}');
  });
});
