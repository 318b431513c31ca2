import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { defectOf } from './record-defects.js';
import { VendorError } from './vendor-error.js';
import { pageDigest, parseVendorJson, textIdOf, textOrNull } from './vendor-json.js';

function failure(text: string): VendorError {
  try {
    parseVendorJson(text);
  } catch (error) {
    expect(error).toBeInstanceOf(VendorError);
    return error as VendorError;
  }
  throw new Error('expected a failure');
}

type Json = Record<string, unknown>;

const isLarge = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
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

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['12345678901234567890', '12345678901234567890'],
    ['1e400', '1e400'],
    ['1.5E+300', '1.5E+300'],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['0.1', 0.1],
  ])('keeps the number %s as %j, wherever it stands (N4)', (number, kept) => {
    for (const key of ['id', 'badgeId', 'amountPaid', 'ids', 'size', 'a\\"b']) {
      const text = `{"results":[{"${key}":${number},"list":[${number}],"text":"${number}, \\\\"}],"total":${number}}`;
      const name = JSON.parse(`"${key}"`) as string;
      expect(parseVendorJson(text)).toEqual({
        results: [{ [name]: kept, list: [kept], text: `${number}, \\` }],
        total: kept,
      });
    }
  });

  it('changes nothing but the numbers that are too large', () => {
    const json = fc.json({ maxDepth: 4 }).filter((text) => !/"(__proto__|constructor|prototype)"/.test(text));
    const digits = (_key: string, value: unknown): unknown => (isLarge(value) ? String(value) : value);
    fc.assert(
      fc.property(json, (text) => {
        const root = JSON.parse(`{"results":[{"value":${text}}]}`, digits) as Json;
        const withLarge = `{"large":12345678901234567890,"results":[{"value":${text}}]}`;
        expect(parseVendorJson(withLarge, { recordDepth: 2 })).toEqual({ large: '12345678901234567890', ...root });
      }),
    );
  });

  it('names a record that is nested too deep and reads the others (V17)', () => {
    for (const depth of [62, 10_000]) {
      const text = `{"results":[{"id":"1"},{"id":"2","deep":${nested(depth)}}]}`;
      const { results } = parseVendorJson(text) as { results: [Json, Json] };
      expect(results).toEqual([{ id: '1' }, { id: '2' }]);
      expect(results.map(defectOf)).toEqual([null, { code: 'record-too-deep', field: 'deep' }]);
    }
    const { results } = parseVendorJson(`{"results":[{"deep":${nested(61)}}]}`) as { results: [Json] };
    expect(defectOf(results[0])).toBeNull();
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

  it('names a record over 2 MB, by its longest field, and reads a large page of small ones (V17)', () => {
    const big = 'x'.repeat(2 * 1024 * 1024);
    const defect = { code: 'record-too-large', field: 'big' };
    const listed = parseVendorJson(JSON.stringify({ results: [{ id: 1, big }, { id: 2 }] })) as { results: Json[] };
    expect(listed.results.map(defectOf)).toEqual([defect, null]);
    expect(listed.results[0]).toEqual({ id: 1 });
    const { Users } = parseVendorJson(JSON.stringify({ Users: { 7: { big } } })) as { Users: Record<string, Json> };
    expect(defectOf(Users['7'])).toEqual(defect);
    expect(defectOf(parseVendorJson(JSON.stringify({ big }), { recordDepth: 0 }))).toEqual(defect);
    const { data } = parseVendorJson(JSON.stringify({ data: { big } }), { recordDepth: 1 }) as { data: Json };
    expect(defectOf(data)).toEqual(defect);

    const small = Array.from({ length: 3000 }, (_, id) => ({ id, text: 'x'.repeat(1000) }));
    const page = parseVendorJson(JSON.stringify({ results: small })) as { results: Json[] };
    expect(page.results.filter((record) => defectOf(record) !== null)).toEqual([]);
    const nearly = { results: [{ text: 'x'.repeat(1_900_000) }, { text: 'x'.repeat(1_900_000) }] };
    expect(parseVendorJson(JSON.stringify(nearly))).toEqual(nearly);
  });
});

describe('an id that is a text', () => {
  it('is no number, however large (V23)', () => {
    const text = '{"results":[{"id":9007199254740993,"_id":"9007199254740993"},{"id":"9007199254740993"},{"id":7}]}';
    const { results } = parseVendorJson(text) as { results: Json[] };
    expect(results.map((record) => textIdOf(record, 'id'))).toEqual([null, '9007199254740993', null]);
    expect(textIdOf(results[0]!, '_id')).toBe('9007199254740993');
    const single = parseVendorJson('{"id":9007199254740993}', { recordDepth: 0 }) as Json;
    expect(textIdOf(single, 'id')).toBeNull();
  });
});

describe('a text of a record', () => {
  it.each(['', '   ', '\u00a0', '\u200b', '\u00ad', '\t\n', '\u2800', 7, null, undefined, ['a']])(
    'is none in %j',
    (value) => {
      expect(textOrNull(value)).toBeNull();
    },
  );

  it('is kept as it stands where any of it shows', () => {
    for (const text of [' ada ', '0', '\u200bada', '愛']) expect(textOrNull(text)).toBe(text);
  });

  it('is another thing than an id, of which blanks are a part like any other', () => {
    expect(textIdOf({ id: '  ' }, 'id')).toBe('  ');
    expect(textIdOf({ id: '' }, 'id')).toBeNull();
  });
});

describe('pageDigest', () => {
  it('differs when the text differs', () => {
    expect(pageDigest('a')).not.toBe(pageDigest('b'));
    expect(pageDigest('a')).toBe(pageDigest('a'));
  });
});
