import { describe, expect, it } from '@jest/globals';
import { builtInFields, type PeopleField, type Value } from '@rollcall/contracts';

import { checkOverrides } from './override-check.js';

const field = (variable: string, type: PeopleField['type'], more: Partial<PeopleField> = {}): PeopleField => ({
  variable,
  label: variable,
  type,
  unique: false,
  required: false,
  ...more,
});
const fields = [
  ...builtInFields,
  field('note', 'long-text'),
  field('private_mail', 'email'),
  field('since', 'date-time'),
  field('level', 'number'),
  field('external', 'boolean'),
  field('badge', 'short-text', { unique: true }),
];
const set = (variable: string, value: Value) => () => checkOverrides(fields, { [variable]: value }, []);

describe('a value that a person types', () => {
  it.each<[string, Value]>([
    ['display_name', 'Ada'],
    ['display_name', null],
    ['display_name', ''],
    ['email', 'ada@example.com'],
    ['private_mail', 'ada@example.com'],
    ['since', '2026-01-31'],
    ['since', '2026-01-31T12:00:00+01:00'],
    ['level', 4.5],
    ['external', false],
    ['badge', 'B-7'],
  ])('is taken: %s = %j', (variable, value) => {
    expect(set(variable, value)()).toEqual({ [variable]: value });
  });

  it.each<[string, Value, RegExp]>([
    ['email', null, /required/],
    ['email', 'n/a', /Email was refused: it must be an e-mail address/],
    ['email', 'ada', /e-mail address/],
    ['private_mail', 'test@test', /e-mail address/],
    ['private_mail', 7, /e-mail address/],
    ['display_name', 7, /must be text/],
    ['display_name', '\u200b', /no visible character/],
    ['display_name', 'x'.repeat(257), /has 257 characters, 256 are allowed/],
    ['note', 'x'.repeat(1025), /1024 are allowed/],
    ['since', 'tomorrow', /must be a date/],
    ['since', '1', /must be a date/],
    ['since', '9999-12-31', /must be a date/],
    ['since', '2026-02-30', /must be a date/],
    ['level', '4.5', /must be a number/],
    ['level', Number.POSITIVE_INFINITY, /must be a number/],
    ['external', 'true', /true or false/],
    ['badge', 'none', /anybody/],
    ['nothing', 'x', /no people field "nothing"/],
  ])('is refused: %s = %j', (variable, value, words) => {
    expect(set(variable, value)).toThrow(words);
  });

  it('is given back only for fields that there are', () => {
    expect(checkOverrides(fields, {}, ['badge'])).toEqual({});
    expect(() => checkOverrides(fields, {}, ['nothing'])).toThrow(/no people field "nothing"/);
  });
});
