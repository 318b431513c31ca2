import { describe, expect, it } from '@jest/globals';

import { parsePath, PathError, readerOfPath, valueAt } from './record-path.js';

describe('a path into a record', () => {
  it.each([
    ['mail', ['mail']],
    ['profile.mail', ['profile', 'mail']],
    ['emails[0].value', ['emails', '0', 'value']],
    ['emails.0.value', ['emails', '0', 'value']],
    ['work-mail.e-mail', ['work-mail', 'e-mail']],
    ['["work-mail"]', ['work-mail']],
    ['a[\'x.y\']["z"]', ['a', 'x.y', 'z']],
    ['a["say \\"hi\\""]', ['a', 'say "hi"']],
    ['Connect: Credentials', ['Connect: Credentials']],
  ])('%s names %j', (text, names) => {
    expect(parsePath(text)).toEqual(names);
  });

  it.each(['', '.a', 'a.', 'a..b', 'a[', 'a[]', 'a[-1]', 'a[x]', 'a["b]', 'a]b', '[0]x'])(
    '%j cannot be read',
    (text) => {
      expect(() => parsePath(text)).toThrow(PathError);
    },
  );

  it('says where it cannot be read, and how to write it', () => {
    expect(() => parsePath('profile[x].mail')).toThrow(/from character 8 on. Write it like/);
  });

  it('finds what is there, nothing elsewhere, and nothing on prototypes', () => {
    const record = { profile: { mails: [{ v: 1 }, { v: 2 }] }, 'a.b': 3 };
    expect(readerOfPath('profile.mails[1].v')(record)).toBe(2);
    expect(readerOfPath('["a.b"]')(record)).toBe(3);
    for (const path of [
      'profile.none.v',
      'profile.mails[2].v',
      '__proto__',
      'constructor.name',
      'profile.mails.length.x',
    ]) {
      expect(readerOfPath(path)(record)).toBeUndefined();
    }
  });

  it('is followed into whatever was answered', () => {
    expect(valueAt({ errors: [{ code: 'gone' }] }, 'errors[0].code')).toBe('gone');
    expect(valueAt({ errors: [{ code: 'gone' }] }, 'errors.0.code')).toBe('gone');
    expect(valueAt({ a: 1 }, 'a.constructor')).toBeUndefined();
    for (const root of [null, 'text', 7, undefined]) expect(valueAt(root, 'a')).toBeUndefined();
  });
});
