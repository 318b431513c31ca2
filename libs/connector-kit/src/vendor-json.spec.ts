import { describe, expect, it } from '@jest/globals';

import { VendorError } from './vendor-error.js';
import { pageDigest, parseVendorJson } from './vendor-json.js';

function failure(text: string, options?: Parameters<typeof parseVendorJson>[1]): VendorError {
  try {
    parseVendorJson(text, options);
  } catch (error) {
    expect(error).toBeInstanceOf(VendorError);
    return error as VendorError;
  }
  throw new Error('expected a failure');
}

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('parseVendorJson', () => {
  it('reads JSON behind a byte order mark', () => {
    expect(parseVendorJson('\uFEFF{"a":[1,"x",null]}')).toEqual({ a: [1, 'x', null] });
  });

  it.each(['', '  \n', '<html>canary-test</html>', '{"canary-test":', 'canary-test', '{"a":1} canary-test'])(
    'refuses %j without repeating it (N8, V9)',
    (text) => {
      const error = failure(text);
      expect(error.code).toBe('vendor-answer-unreadable');
      expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error.details)}`).not.toContain('canary');
      expect(error.cause).toBeUndefined();
    },
  );

  it('accepts 64 levels and refuses more, however many (V17)', () => {
    expect(() => parseVendorJson(nested(64))).not.toThrow();
    for (const depth of [65, 10_000]) expect(failure(nested(depth)).code).toBe('vendor-answer-unreadable');
  });

  it.each(['{"id":9007199254740993}', '{"Users":[{"userId":-9007199254740993}]}', '{"ids":[1,90071992547409931]}'])(
    'refuses the id in %s, whose last digits JSON.parse changes (N4)',
    (text) => expect(failure(text).code).toBe('vendor-answer-unreadable'),
  );

  it('keeps the largest exact id, long digits in text, and long numbers that are no ids', () => {
    const text = '{"id":9007199254740991,"_id":"90071992547409931","size":12345678901234567890}';
    expect(parseVendorJson(text)).toMatchObject({ id: 9007199254740991, _id: '90071992547409931' });
  });

  it('drops keys that reach a prototype, at every depth (P36)', () => {
    const value = parseVendorJson(
      '{"__proto__":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}},"b":[{"__proto__":{"polluted":1}}]}}',
    );
    expect(JSON.stringify(value)).toBe('{"a":{"b":[{}]}}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('makes half characters whole, in values, lists and names, so that nothing else is stored than was read', () => {
    const text = String.raw`{"name":"lone\ud83dhigh","tags":["\udc00",["a\ud83d"]],"of\ud83d":{"deep":"\ud83d"},"whole":"\ud83d\ude00"}`;
    const value = parseVendorJson(text);
    expect(value).toEqual({
      name: 'lone\ufffdhigh',
      tags: ['\ufffd', ['a\ufffd']],
      'of\ufffd': { deep: '\ufffd' },
      whole: '😀',
    });
    expect(JSON.parse(Buffer.from(JSON.stringify(value), 'utf8').toString('utf8'))).toEqual(value);
  });

  it('keeps the value of a whole name when a half one comes to the same', () => {
    expect(parseVendorJson(String.raw`{"a\ufffd":"whole","a\ud83d":"half"}`)).toEqual({ 'a\ufffd': 'whole' });
  });

  it('refuses a record over 2 MB, not a large page of small ones (V17)', () => {
    const big = 'x'.repeat(2 * 1024 * 1024);
    const small = Array.from({ length: 3000 }, (_, id) => ({ id, text: 'x'.repeat(1000) }));
    expect(failure(JSON.stringify({ results: [{ id: 1, big }] })).code).toBe('vendor-answer-too-large');
    expect(failure(JSON.stringify({ Users: { 1: { big } } })).code).toBe('vendor-answer-too-large');
    expect(failure(JSON.stringify({ big }), { recordDepth: 0 }).code).toBe('vendor-answer-too-large');
    expect(() => parseVendorJson(JSON.stringify({ results: small }))).not.toThrow();
    const nearly = { results: [{ text: 'x'.repeat(1_900_000) }, { text: 'x'.repeat(1_900_000) }] };
    expect(() => parseVendorJson(JSON.stringify(nearly))).not.toThrow();
  });
});

describe('pageDigest', () => {
  it('differs when the text differs', () => {
    expect(pageDigest('a')).not.toBe(pageDigest('b'));
    expect(pageDigest('a')).toBe(pageDigest('a'));
  });
});
