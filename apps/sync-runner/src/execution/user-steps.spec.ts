import { describe, expect, it } from '@jest/globals';
import type { AccountDocument } from '@rollcall/collections';
import type { RawUser, RunReportOf } from '@rollcall/contracts';

import { fetchStep, mappedSteps } from './user-steps.js';

type Mapped = Pick<RunReportOf<'mapped'>, 'counts' | 'problems'>;
const none = {
  read: 1,
  created: 0,
  updated: 0,
  unchanged: 0,
  outdated: 0,
  skipped: 0,
  rejected: 0,
  reactivated: 0,
  unknownStatus: 0,
};
const report = (counts: Partial<Mapped['counts']>, message?: string): Mapped => ({
  counts: { ...none, ...counts },
  problems: message === undefined ? [] : [{ code: 'x', message, count: 1, samples: ['u1'] }],
});
const account = (overrides: Partial<AccountDocument> = {}) =>
  ({ person: 'p1', active: true, sourceStatus: 'active', error: null, ...overrides }) as AccountDocument;
const brief = (given: Mapped, known: AccountDocument | null) =>
  mappedSteps(given, known).map(({ step, outcome }) => `${step} ${outcome}`);
const last = (given: Mapped, known: AccountDocument | null) => mappedSteps(given, known).at(-1)!.text;

describe('what a run for one user says', () => {
  it('of the vendor’s answer', () => {
    const user = { status: 'active', administrator: true } as RawUser;
    expect(fetchStep({ kind: 'found', user }, 'Acme')).toMatchObject({
      outcome: 'done',
      text: expect.stringMatching(/status active, an administrator/),
    });
    expect(fetchStep({ kind: 'gone', text: 'Acme has no user u1.' }, 'Acme')).toMatchObject({
      outcome: 'stopped',
      text: expect.stringMatching(/^Acme has no user u1\. Nothing is changed here/),
    });
  });

  it('of a user whom the mapping passes over or cannot write', () => {
    expect(brief(report({ skipped: 1 }), null)).toEqual(['in-scope stopped']);
    expect(brief(report({ rejected: 1 }, 'Email is required.'), null)).toEqual(['in-scope stopped']);
    expect(last(report({ rejected: 1 }, 'Email is required.'), account())).toBe('Email is required.');
  });

  it('of the status of an account whose values are not written', () => {
    const leaver = account({ sourceStatus: 'inactive' });
    for (const counts of [{ skipped: 1 }, { rejected: 1 }]) {
      expect(brief(report(counts, 'Email is required.'), leaver)).toEqual(['in-scope stopped']);
      expect(last(report(counts, 'Email is required.'), leaver)).toMatch(
        /stay as they were\. The vendor says inactive: the/,
      );
    }
    expect(last(report({ rejected: 1, reactivated: 1 }, 'Email is required.'), account())).toBe(
      'Email is required. Its values stay as they were; the account is active again.',
    );
    const inactive = account({ active: false, sourceStatus: 'inactive' });
    expect(last(report({ rejected: 1 }, 'Email is required.'), inactive)).toBe('Email is required.');
  });

  it('of one who waits for a decision', () => {
    const waiting = account({
      person: null,
      error: { code: 'several-matches', message: 'Two people have this e-mail.' },
    });
    expect(brief(report({ rejected: 1 }, 'x'), waiting)).toEqual(['in-scope done', 'match stopped']);
    expect(last(report({ rejected: 1 }, 'x'), waiting)).toBe('Two people have this e-mail.');
    expect(brief(report({}), null)).toEqual(['in-scope done', 'match stopped']);
  });

  it.each<[Partial<Mapped['counts']>, Partial<AccountDocument>, RegExp]>([
    [{ created: 1 }, {}, /^The account was created\. It is active\.$/],
    [{ updated: 1, reactivated: 1 }, {}, /^The account was updated\. It is active again\.$/],
    [{ unchanged: 1 }, { active: false }, /^Nothing had changed\. It is inactive\.$/],
    [{ updated: 1 }, { sourceStatus: 'inactive' }, /The vendor says inactive: the next full run judges/],
  ])('of one who was written: %j', (counts, known, words) => {
    expect(brief(report(counts), account(known))).toEqual(['in-scope done', 'match done', 'act done']);
    expect(last(report(counts), account(known))).toMatch(words);
  });
});
