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

describe('a text to search for', () => {
  it('is looked for in each of the fields, literally and whatever its case', () => {
    expect(containsText(['values.email', 'values.username'], 'a+B')).toEqual({
      $or: [{ 'values.email': { $regex: /a\+B/i } }, { 'values.username': { $regex: /a\+B/i } }],
    });
  });
});
