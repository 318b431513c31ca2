import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { containsText, longestFilter, translateFilter } from './filter.js';
import type { FilterFields } from './filter-fields.js';

const fields: FilterFields = {
  fields: {
    userName: { path: 'values.username', type: 'text' },
    'name.familyName': { path: 'values.last_name', type: 'text' },
    title: { path: 'values.job_title', type: 'text' },
    userType: { path: 'values.user_type', type: 'text' },
    emails: { path: 'values.email', type: 'text' },
    login: { path: 'values.login', type: 'text', isKey: true },
    id: { path: '_id', type: 'exact' },
    active: { path: 'active', type: 'boolean' },
    logins: { path: 'logins', type: 'number' },
    'meta.lastModified': { path: 'updatedAt', type: 'iso-time' },
    storedAt: { path: 'storedAt', type: 'date' },
  },
};
const translate = (text: string) => translateFilter(text, fields);
const refused = expect.objectContaining({ code: 'invalid-filter' });

describe('filters as in RFC 7644, figure 2', () => {
  it.each([
    ['userName eq "bjensen"', { 'values.username': { $regex: /^bjensen$/i } }],
    ['name.familyName co "O\'Malley"', { 'values.last_name': { $regex: /O'Malley/i } }],
    ['userName sw "J"', { 'values.username': { $regex: /^J/i } }],
    ['userName ew "n"', { 'values.username': { $regex: /n$/i } }],
    ['title pr', { 'values.job_title': { $nin: [null, ''] } }],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', { updatedAt: { $gt: '2011-05-13T04:42:34.000Z' } }],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', { updatedAt: { $gte: '2011-05-13T04:42:34.000Z' } }],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', { updatedAt: { $lt: '2011-05-13T04:42:34.000Z' } }],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', { updatedAt: { $lte: '2011-05-13T04:42:34.000Z' } }],
    [
      'title pr and userType eq "Employee"',
      { $and: [{ 'values.job_title': { $nin: [null, ''] } }, { 'values.user_type': { $regex: /^Employee$/i } }] },
    ],
    [
      'title pr or userType eq "Intern"',
      { $or: [{ 'values.job_title': { $nin: [null, ''] } }, { 'values.user_type': { $regex: /^Intern$/i } }] },
    ],
    [
      'userType eq "Employee" and (emails co "example.com" or emails co "example.org")',
      {
        $and: [
          { 'values.user_type': { $regex: /^Employee$/i } },
          { $or: [{ 'values.email': { $regex: /example\.com/i } }, { 'values.email': { $regex: /example\.org/i } }] },
        ],
      },
    ],
    [
      'userType ne "Employee" and not (emails co "example.com")',
      {
        $and: [
          { 'values.user_type': { $not: /^Employee$/i } },
          { $nor: [{ 'values.email': { $regex: /example\.com/i } }] },
        ],
      },
    ],
  ])('%s', (text, query) => {
    expect(translate(text)).toEqual(query);
  });

  it('compares ids, flags, numbers, dates and null as what they are', () => {
    expect(translate('id eq "a.b"')).toEqual({ _id: { $eq: 'a.b' } });
    expect(translate('active eq true')).toEqual({ active: { $eq: true } });
    expect(translate('logins ge 5')).toEqual({ logins: { $gte: 5 } });
    expect(translate('storedAt lt "2026-11-21"')).toEqual({ storedAt: { $lt: new Date('2026-11-21') } });
    expect(translate('title eq null')).toEqual({ 'values.job_title': { $eq: null } });
    expect(translate('id ne null')).toEqual({ _id: { $ne: null } });
  });

  it('refuses lists of values, because no resource has them', () => {
    expect(() => translate('emails[type eq "work" and value co "@example.com"]')).toThrow(refused);
  });
});

describe('a filter that wants more than it may (P35, P37)', () => {
  it.each([
    '$where eq "sleep(5000)"',
    'userName.$ne eq "x"',
    'password eq "x"',
    '__proto__ eq "x"',
    'constructor pr',
    'toString eq "x"',
    'active eq true constructor active eq true',
    'active eq true __proto__ active eq true',
    'userName eq {"$ne":null}',
    'userName eq ["a"]',
    'active eq "true"',
    'userName eq 1',
    'logins eq "1"',
    'active gt true',
    'id co "x"',
    'title gt "x"',
    'title gt null',
    'meta.lastModified gt "yesterday"',
    'meta.lastModified gt "2026-99-99"',
    'userName eq',
    'userName eq "unclosed',
    '(active eq true',
    'and and and',
    '',
    '{"$ne":null}',
  ])('is refused: %s', (text) => {
    expect(() => translate(text)).toThrow(refused);
  });

  it('matches text as it stands, whatever it means in a pattern', () => {
    const { 'values.username': condition } = translate('userName co ".*(a+)+$[x]{1}|^?"') as Record<
      string,
      { $regex: RegExp }
    >;
    expect(condition!.$regex.test('..*(a+)+$[x]{1}|^?.')).toBe(true);
    expect(condition!.$regex.test('aaaa')).toBe(false);
  });

  it('is refused quickly where the parser alone would take ages', () => {
    const started = Date.now();
    expect(() => translate(`userName eq "${'\n'.repeat(60)}`)).toThrow(refused);
    expect(() => translate('('.repeat(longestFilter))).toThrow(refused);
    expect(() => translate('a'.repeat(longestFilter + 1))).toThrow(refused);
    expect(() => translate(Array.from({ length: 40 }, () => 'active eq true').join(' or '))).toThrow(refused);
    expect(Date.now() - started).toBeLessThan(1000);
  });

  it('never yields another shape than the builder has, for any text', () => {
    const operators = new Set([
      '$and',
      '$or',
      '$nor',
      '$eq',
      '$ne',
      '$gt',
      '$gte',
      '$lt',
      '$lte',
      '$nin',
      '$not',
      '$regex',
    ]);
    const words = fc.constantFrom(
      'userName',
      'active',
      'logins',
      'eq',
      'co',
      'pr',
      'and',
      'or',
      'not',
      '(',
      ')',
      'true',
      '1',
      '"x"',
      '"$where"',
      '$ne',
      '"a[$gt]"',
      'null',
      '[',
      ']',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 15 }).map((list) => list.join(' ')),
        ),
        (text) => {
          let query: unknown;
          try {
            query = translate(text);
          } catch (error) {
            expect(error).toEqual(refused);
            return;
          }
          for (const key of operatorsIn(query)) expect(operators).toContain(key);
        },
      ),
      { numRuns: 2000, examples: [['userName pr not userName eq "x"'], ['not'], ['userName pr not']] },
    );
  });
});

function operatorsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || value instanceof RegExp || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.startsWith('$') ? [key] : []),
    ...operatorsIn(inner),
  ]);
}

describe('a text as a person types it', () => {
  const patternOf = (filter: string) => {
    const { 'values.username': condition } = translate(filter) as Record<string, { $regex: RegExp }>;
    return condition!.$regex;
  };
  const nfc = 'J\u00fcrgen';
  const nfd = 'Ju\u0308rgen';

  it.each(['eq', 'co', 'sw', 'ew'])(
    'finds by %s what is stored composed or decomposed, whichever of the two it is',
    (operator) => {
      for (const typed of [nfc, nfd]) {
        const pattern = patternOf(`userName ${operator} "${typed}"`);
        for (const stored of [nfc, nfd, nfc.toUpperCase(), nfd.toUpperCase()]) expect(pattern.test(stored)).toBe(true);
        expect(pattern.test('Jurgen')).toBe(false);
      }
      expect(containsText(['a'], nfd)).toEqual(containsText(['a'], nfc));
    },
  );

  it('finds letters with several marks, syllables, and marks alone', () => {
    for (const text of ['\u1e69', '\uac01', '\u0308', 'e\u0301a\u0300']) {
      for (const stored of [text.normalize('NFC'), text.normalize('NFD')]) {
        expect(patternOf(`userName eq "${text}"`).test(stored)).toBe(true);
      }
    }
  });

  it.each([
    ['Nguy\u1ec5n', ['Nguy\u1ec5n', 'Nguy\u00ea\u0303n', 'Nguye\u0302\u0303n']],
    ['H\u1eadu', ['H\u1eadu', 'H\u00e2\u0323u', 'H\u1ea1\u0302u', 'Ha\u0323\u0302u', 'Ha\u0302\u0323u']],
    ['\uac01', ['\uac01', '\uac00\u11a8', '\u1100\u1161\u11a8']],
  ])('finds %s in each order of composing its letters', (typed, stored) => {
    for (const form of stored) {
      for (const written of stored) expect(patternOf(`userName eq "${form}"`).test(written)).toBe(true);
    }
    expect(patternOf(`userName eq "${typed}"`).test(typed.normalize('NFD').replace(/\p{M}/gu, '') + 'x')).toBe(false);
  });

  it('tells marks apart whose order means something', () => {
    expect(patternOf('userName eq "e\u0302\u0303"').test('e\u0303\u0302')).toBe(false);
  });

  it('finds a letter of some marks in each equivalent order, half composed or not, and no other', () => {
    const all = ['\u0302', '\u0303', '\u0323', '\u0327', '\u031b'];
    const orders = fc.subarray(all, { maxLength: 3 }).chain((marks) => {
      const order = fc.shuffledSubarray(marks, { minLength: marks.length });
      return fc.tuple(order, order);
    });
    fc.assert(
      fc.property(fc.constantFrom(...'aeoucx'), orders, fc.nat(3), (letter, [typed, stored], composed) => {
        const half = (letter + stored.slice(0, composed).join('')).normalize('NFC') + stored.slice(composed).join('');
        const text = letter + typed.join('');
        const isSame = text.normalize('NFC') === half.normalize('NFC');
        expect(patternOf(`userName eq "${text}"`).test(half)).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
  });

  it('makes no pattern that the database would not take, however long and marked the text is', () => {
    for (const letter of ['\u1f82', '\u1ead', 'a\u0323\u0302\u0303\u0304\u0305', 'x']) {
      const text = letter.repeat(Math.floor(950 / letter.length));
      const patterns = ['userName', 'login'].map((name) => {
        const [condition] = Object.values(translate(`${name} eq "${text}"`)) as { $regex: RegExp }[];
        return condition!.$regex;
      });
      for (const pattern of patterns) {
        expect(Buffer.byteLength(pattern.source)).toBeLessThan(32_764);
        for (const form of ['NFC', 'NFD'] as const) expect(pattern.test(text.normalize(form))).toBe(true);
      }
    }
  });

  it('is read with its escapes: a backslash is written twice, and one before another letter stands for itself', () => {
    const found = (written: string) => patternOf(`userName eq "${written}"`);
    expect(found(String.raw`ACME\\ada`).test(String.raw`ACME\ada`)).toBe(true);
    expect(found(String.raw`ACME\ada`).test(String.raw`ACME\ada`)).toBe(true);
    expect(found(String.raw`say \"hi\"`).test('say "hi"')).toBe(true);
    expect(found(String.raw`C:\\`).test('C:\\')).toBe(true);
    expect(found(String.raw`\\\"`).test(String.raw`\"`)).toBe(true);
    expect(translate(String.raw`userName eq "a\\" or userName eq "b and true"`)).toEqual({
      $or: [{ 'values.username': { $regex: /^a\\$/i } }, { 'values.username': { $regex: /^b and true$/i } }],
    });
  });

  it('is found again whatever it holds', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((one) => !/\p{Cc}/u.test(one));
    fc.assert(
      fc.property(text, fc.constantFrom('NFC' as const, 'NFD' as const), (stored, form) => {
        const written = stored.normalize(form).replace(/[\\"]/g, String.raw`\$&`);
        for (const other of ['NFC', 'NFD'] as const) {
          expect(patternOf(`userName eq "${written}"`).test(stored.normalize(other))).toBe(true);
        }
      }),
    );
  });
});

describe('a key as a person types it', () => {
  const keys: FilterFields = { fields: { email: { path: 'values.email', type: 'text', isKey: true } } };
  const patternOf = (operator: string, typed: string) => {
    const [condition] = Object.values(translateFilter(`email ${operator} "${typed}"`, keys)) as { $regex: RegExp }[];
    return condition!.$regex;
  };
  const stored = [
    'zoe@example.com',
    'zo\u00ade@example.com',
    '\u200bzoe@exam\u200dple.com\ufeff',
    'Z\u2060oe@example.com',
  ];

  it.each([
    ['eq', 'zoe@example.com'],
    ['eq', '\u200bzo\u00ade@example.com'],
    ['co', 'oe@ex'],
    ['sw', 'zoe'],
    ['ew', '.com'],
  ])('finds by %s %j what is stored with and without characters that show nothing', (operator, typed) => {
    const pattern = patternOf(operator, typed);
    for (const text of stored) expect(pattern.test(text)).toBe(true);
    for (const text of ['zo e@example,org', 'joe@samples.org', 'z-oe']) expect(pattern.test(text)).toBe(false);
  });

  it('is another one where ne says so', () => {
    const condition = translateFilter('email ne "zoe@example.com"', keys) as { 'values.email': { $not: RegExp } };
    for (const text of stored) expect(condition['values.email'].$not.test(text)).toBe(true);
  });

  it('is taken as it stands where all of it is hidden', () => {
    expect(patternOf('eq', '\u200b')).toEqual(new RegExp('^\u200b$', 'i'));
  });

  it('skips nothing in other fields', () => {
    const other: FilterFields = { fields: { email: { path: 'values.email', type: 'text' } } };
    const condition = translateFilter('email eq "zoe"', other);
    expect(condition).toEqual({ 'values.email': { $regex: /^zoe$/i } });
  });

  it('is looked for in a time that grows with the text, whatever stands there', () => {
    const long = `${'zo\u00ad'.repeat(20_000)}${'\u200b'.repeat(20_000)}`;
    const started = Date.now();
    for (const operator of ['eq', 'co', 'sw', 'ew']) expect(patternOf(operator, 'zozozoe').test(long)).toBe(false);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

describe('a text to search for', () => {
  it('is looked for in keys without regard to characters that show nothing', () => {
    const { $or } = containsText(['values.name'], 'zoe', ['values.email']) as {
      $or: Record<string, { $regex: RegExp }>[];
    };
    expect($or[0]).toEqual({ 'values.name': { $regex: /zoe/i } });
    expect($or[1]!['values.email']!.$regex.test('x.zo\u00ade@example.com')).toBe(true);
  });

  it('is looked for in each of the fields, literally and whatever its case', () => {
    expect(containsText(['values.email', 'values.username'], 'a+B')).toEqual({
      $or: [{ 'values.email': { $regex: /a\+B/i } }, { 'values.username': { $regex: /a\+B/i } }],
    });
  });
});
