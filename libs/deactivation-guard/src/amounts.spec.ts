import { describe, expect, it } from '@jest/globals';
import { type DeactivationLimit, deactivationLimitSchema, defaultDeactivationLimit } from '@rollcall/contracts';
import fc from 'fast-check';

import { amountReasons, type Amounts, mostDeactivations, sumReasons, type Sums } from './amounts.js';

/** Nothing was swept before, and the organisation is so large that its rule stays out of the way. */
const quiet: Sums = { week: { swept: 0, active: null }, day: { swept: 0, active: 10_000_000 } };
const limit = defaultDeactivationLimit;

const amounts = (active: number, staged: number, overrides: Partial<Amounts> = {}): Amounts => ({
  active,
  staged,
  approved: 0,
  returned: Math.max(1, active - staged),
  ...overrides,
});
const codes = (given: Amounts, sums = quiet, by: DeactivationLimit = limit) =>
  amountReasons(given, by, sums).map(({ code }) => code);
const holds = (active: number, staged: number, sums = quiet) => codes(amounts(active, staged), sums).length > 0;

describe('the amount of one run (P10)', () => {
  it.each([
    [3, 1, 2],
    [10, 4, 5],
    [40, 5, 6],
    [100, 5, 6],
    [1_000, 50, 51],
    [10_000, 500, 501],
    [200_000, 500, 501],
  ])('of %i active accounts lets %i go and holds %i', (active, go, hold) => {
    expect(holds(active, go)).toBe(false);
    expect(holds(active, hold)).toBe(true);
  });

  it('is named by its rule, with its numbers', () => {
    expect(codes(amounts(100, 6))).toEqual(['too-many-deactivations']);
    expect(codes(amounts(4, 2))).toEqual(['half-or-more']);
    expect(codes(amounts(100, 60))).toEqual(['too-many-deactivations', 'half-or-more']);
    const [reason] = amountReasons(amounts(100, 6), limit, quiet);
    expect(reason!.message).toMatch(/^6 of 100 active accounts would be deactivated; a run deactivates at most 5 /);
  });

  it('holds everything when the vendor returned nobody', () => {
    expect(codes(amounts(1, 1, { returned: 0 }))).toEqual(['empty-listing']);
    expect(codes(amounts(1, 0, { returned: 0 }))).toEqual(['empty-listing']);
    expect(codes(amounts(0, 0, { returned: 0 }))).toEqual([]);
    expect(codes(amounts(1, 0, { returned: 1 }))).toEqual([]);
  });

  it('lets the only account of a source go when others are listed', () => {
    expect(codes(amounts(1, 1, { returned: 5 }))).toEqual([]);
  });

  it('does not look at what a person approved, but at the rest', () => {
    expect(codes(amounts(100, 60, { approved: 60 }))).toEqual([]);
    expect(codes(amounts(100, 60, { approved: 55 }))).toEqual([]);
    expect(codes(amounts(100, 61, { approved: 55 }))).toEqual(['too-many-deactivations']);
    expect(codes(amounts(100, 100, { approved: 100, returned: 0 }))).toEqual([]);
    expect(codes(amounts(100, 100, { approved: 99, returned: 0 }))).toEqual(['empty-listing']);
  });

  it('follows the limit of the integration', () => {
    const wide = { percent: 50, atLeast: 0, atMost: 100_000, weeklyPercent: 90 };
    expect(codes(amounts(1_000, 499), quiet, wide)).toEqual([]);
    expect(codes(amounts(1_000, 500), quiet, wide)).toEqual(['half-or-more']);
    const strict = { percent: 1, atLeast: 0, atMost: 1, weeklyPercent: 1 };
    expect(codes(amounts(1_000, 1), quiet, strict)).toEqual([]);
    expect(codes(amounts(1_000, 2), quiet, strict)).toEqual(['too-many-deactivations']);
  });

  it('has no value that turns it off', () => {
    const wrong = [{ percent: 100 }, { percent: 0 }, { atLeast: 101 }, { atMost: 0 }, { weeklyPercent: 100 }];
    for (const part of wrong) expect(deactivationLimitSchema.safeParse({ ...limit, ...part }).success).toBe(false);
  });
});

describe('the sum of a week (P10)', () => {
  const week = (swept: number, active: number | null): Sums => ({ ...quiet, week: { swept, active } });

  it('holds what would pass 20 % of those who were active then', () => {
    expect(codes(amounts(1_000, 40), week(160, 1_000))).toEqual([]);
    expect(codes(amounts(1_000, 40), week(161, 1_000))).toEqual(['too-many-in-a-week']);
    expect(codes(amounts(1_000, 1), week(200, 1_000))).toEqual(['too-many-in-a-week']);
  });

  it('says nothing of small sources, of unknown ones, and of runs that deactivate nobody', () => {
    expect(codes(amounts(24, 1), week(100, 24))).toEqual([]);
    expect(codes(amounts(25, 1), week(5, 25))).toEqual(['too-many-in-a-week']);
    expect(codes(amounts(1_000, 1), week(500, null))).toEqual([]);
    expect(codes(amounts(1_000, 0), week(500, 1_000))).toEqual([]);
    expect(codes(amounts(1_000, 30, { approved: 30 }), week(500, 1_000))).toEqual([]);
  });

  it('stops a leak of 4 % a day on the sixth day, at 20 %', () => {
    let swept = 0;
    const days = [1, 2, 3, 4, 5, 6, 7].filter(() => {
      if (holds(1_000 - swept, 40, week(swept, 1_000))) return false;
      swept += 40;
      return true;
    });
    expect(days).toEqual([1, 2, 3, 4, 5]);
    expect(swept).toBe(200);
  });
});

describe('the sum of a day over all integrations (P10)', () => {
  const day = (swept: number, active: number): Sums => ({ ...quiet, day: { swept, active } });

  it.each([
    [100, 5],
    [1_000, 50],
    [20_000, 1_000],
    [400_000, 1_000],
  ])('of %i active accounts lets %i go', (active, most) => {
    expect(codes(amounts(1_000_000, 5), day(most - 5, active))).toEqual([]);
    expect(codes(amounts(1_000_000, 5), day(most - 4, active))).toEqual(['too-many-in-a-day']);
  });

  it('never lets more through in a day by splitting a source of at most 10,000 in two', () => {
    const passes = (active: number, staged: number, swept: number, all: number) =>
      !holds(active, staged, { week: { swept: 0, active: null }, day: { swept, active: all } });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat(1_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (active, staged, cut, share) => {
          const [left, leftStaged] = [Math.round(active * cut), share % (staged + 1)];
          const [right, rightStaged] = [active - left, staged - leftStaged];
          const first = passes(left, leftStaged, 0, active) ? leftStaged : 0;
          const second = passes(right, rightStaged, first, active) ? rightStaged : 0;
          return first + second <= Math.max(5, Math.ceil(active / 20));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

/** The rules once more, in the words of the requirement and in one expression each. */
function oracle({ active: A, staged, approved, returned }: Amounts, { week, day }: Sums): boolean {
  const M = staged - approved;
  const A7 = week.active ?? 0;
  return [
    M > Math.max(5, Math.min(500, Math.ceil(A / 20))),
    M >= 2 && 2 * M >= A,
    M > 0 && A7 >= 25 && 5 * (week.swept + M) > A7,
    M > 0 && day.swept + M > Math.max(5, Math.min(1000, Math.ceil(day.active / 20))),
    returned === 0 && A >= 1 && (approved === 0 || M > 0),
  ].includes(true);
}

const anyAmounts = fc
  .record({
    active: fc.oneof(fc.nat(60), fc.nat(300_000)),
    staged: fc.oneof(fc.nat(60), fc.nat(2_000)),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    returned: fc.oneof(fc.constant(0), fc.nat(300_000)),
  })
  .map(({ share, ...rest }) => ({ ...rest, approved: Math.floor(rest.staged * share) }));
const anySums = fc.record({
  week: fc.record({ swept: fc.nat(2_000), active: fc.option(fc.nat(10_000)) }),
  day: fc.record({ swept: fc.nat(2_000), active: fc.nat(300_000) }),
});

describe('all rules of amount', () => {
  it('decide as the requirement says, on 50,000 random histories', () => {
    fc.assert(
      fc.property(
        anyAmounts,
        anySums,
        (given, sums) => amountReasons(given, limit, sums).length > 0 === oracle(given, sums),
      ),
      { numRuns: 50_000 },
    );
  });

  it('never turn a hold into a pass by more missing users', () => {
    fc.assert(
      fc.property(anyAmounts, anySums, fc.nat(2_000), (given, sums, more) => {
        const worse = { ...given, staged: given.staged + more };
        return codes(given, sums).length === 0 || codes(worse, sums).length > 0;
      }),
      { numRuns: 5_000 },
    );
  });

  it('let more go of a larger source, never less, and never more than the most', () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.nat(300_000), (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        return (
          mostDeactivations(less, limit) <= mostDeactivations(more, limit) && mostDeactivations(more, limit) <= 500
        );
      }),
    );
  });

  it('look at the sums once more when a sweep is reserved, with the same words', () => {
    const sums: Sums = { week: { swept: 200, active: 1_000 }, day: { swept: 50, active: 1_000 } };
    expect(sumReasons({ staged: 1, approved: 0 }, limit, sums).map(({ code }) => code)).toEqual([
      'too-many-in-a-week',
      'too-many-in-a-day',
    ]);
    expect(sumReasons({ staged: 1, approved: 1 }, limit, sums)).toEqual([]);
  });
});
