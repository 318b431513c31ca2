import { describe, expect, it } from '@jest/globals';
import type { PlanLine } from '@rollcall/contracts';
import fc from 'fast-check';

import { confirmByEarlierRuns, type EarlierRun } from './earlier-absences.js';
import { weighConfirmations } from './guard.js';

const now = Date.UTC(2026, 0, 5, 12);
const minutesAgo = (minutes: number, ...staged: string[]): EarlierRun => ({
  endedAt: new Date(now - minutes * 60_000).toISOString(),
  staged: new Set(staged),
});
const line = (account: string): PlanLine => ({
  number: 0,
  kind: 'missing',
  account,
  vendorId: account,
  username: account,
  revision: 1,
  protected: false,
  approved: false,
});
const confirmed = (earlier: readonly EarlierRun[], ...accounts: string[]) =>
  confirmByEarlierRuns(accounts.map(line), earlier, now)
    .filter(({ answer }) => answer === 'confirmed')
    .map(({ line: { account } }) => account);

describe('absences at a vendor that cannot be asked for single users', () => {
  it.each([
    ['there was no earlier run', [], []],
    ['the earlier run is too young', [minutesAgo(59, 'a')], []],
    ['the earlier run is an hour old', [minutesAgo(60, 'a')], ['a']],
    ['the earlier run saw them', [minutesAgo(90)], []],
    ['a run between saw them', [minutesAgo(30), minutesAgo(90, 'a')], []],
    ['they were missing all the time', [minutesAgo(5, 'a'), minutesAgo(30, 'a'), minutesAgo(90, 'a')], ['a']],
    ['they were there before the first look', [minutesAgo(90, 'a'), minutesAgo(120)], ['a']],
    ['only young runs missed them', [minutesAgo(5, 'a'), minutesAgo(30, 'a')], []],
  ])('count or wait when %s', (_, earlier, expected) => {
    expect(confirmed(earlier, 'a')).toEqual(expected);
  });

  it('are judged one by one', () => {
    expect(confirmed([minutesAgo(10, 'a', 'b'), minutesAgo(70, 'b', 'c')], 'a', 'b', 'c')).toEqual(['b']);
  });

  it('never count without two looks an hour apart, whatever the history is', () => {
    const runs = fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 300 }), hadMissed: fc.boolean() }));
    fc.assert(
      fc.property(runs, (history) => {
        const sorted = [...history].sort((a, b) => a.minutes - b.minutes);
        const earlier = sorted.map(({ minutes, hadMissed }) => minutesAgo(minutes, ...(hadMissed ? ['a'] : [])));
        const isCounted = confirmed(earlier, 'a').length > 0;
        const since = sorted.filter(({ hadMissed }) => !hadMissed).map(({ minutes }) => minutes);
        const lastSeen = Math.min(...since, Infinity);
        const missedLongAgo = sorted.some(
          ({ minutes, hadMissed }) => hadMissed && minutes >= 60 && minutes <= lastSeen,
        );
        if (isCounted) expect(missedLongAgo).toBe(true);
      }),
    );
  });

  it('that wait are named, and contradict nothing', () => {
    const outcome = weighConfirmations(confirmByEarlierRuns([line('a'), line('b')], [], now));
    expect(outcome).toMatchObject({
      waiting: ['a', 'b'],
      incomplete: null,
      problems: [{ code: 'absence-waits', count: 2, samples: ['a', 'b'] }],
    });
  });
});
