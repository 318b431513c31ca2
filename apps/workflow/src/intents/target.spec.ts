import { describe, expect, it } from '@jest/globals';
import type { RawUser } from '@rollcall/contracts';
import fc from 'fast-check';

import { buildAccount } from '../../test/build-records.js';
import { freezeTarget, isSameUser, wasSeenLast } from './target.js';

const target = freezeTarget(buildAccount());
const buildUser = (overrides: Partial<RawUser> = {}): RawUser => ({
  id: '1',
  status: 'active',
  role: null,
  lastActivityAt: null,
  administrator: false,
  username: 'ada',
  raw: { email: 'ada@example.com' },
  ...overrides,
});

describe('the user at the vendor is the one of the plan (P16)', () => {
  it.each<[string, Partial<RawUser>, boolean]>([
    ['with the same id, name and e-mail', {}, true],
    ['with the same id and name, and another e-mail', { raw: { email: 'new@example.com' } }, true],
    ['with the same id and e-mail, and another name', { username: 'grace' }, true],
    ['with the same name in another case', { username: 'ADA', raw: {} }, true],
    ['with the same id and nothing else', { username: 'grace', raw: { email: 'grace@example.com' } }, false],
    ['with another id and everything else', { id: '2' }, false],
    ['with a plus in the name', { username: 'ada+x', raw: {} }, false],
    ['with a look-alike of the name', { username: 'аda', raw: {} }, false],
    ['without name and e-mail', { username: null, raw: {} }, false],
  ])('%s', (_how, overrides, same) => {
    expect(isSameUser(target, buildUser(overrides))).toBe(same);
  });

  it.each(['', '   ', '\u00a0', '\u200b'])('never because both have the e-mail %j, which shows nothing', (email) => {
    const blank = freezeTarget(buildAccount({ username: null, values: { email } }));
    expect(blank.email).toBeNull();
    expect(isSameUser(blank, buildUser({ raw: { email } }))).toBe(false);
  });

  it('never with another id, whatever else fits', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        fc.pre(id !== target.vendorId);
        expect(isSameUser(target, buildUser({ id }))).toBe(false);
      }),
    );
  });
});

describe('the last run saw a user (P17)', () => {
  const inactive = (run: string | null, sourceStatus: 'active' | 'inactive') =>
    buildAccount({ active: false, sourceStatus, deactivated: { run, time: '2026-11-21T10:00:00.000Z' } });

  it.each([
    ['who is active', buildAccount(), true],
    ['whom it swept as inactive', inactive('r', 'inactive'), true],
    ['whom a person deactivated', inactive(null, 'active'), true],
  ])('%s', (_who, account, seen) => {
    expect(wasSeenLast(account)).toBe(seen);
  });

  it.each([
    ['whom it swept as missing', inactive('r', 'active')],
    ['who was observed as gone', inactive(null, 'inactive')],
  ])('but not one %s', (_who, account) => {
    expect(wasSeenLast(account)).toBe(false);
  });
});
