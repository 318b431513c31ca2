import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { dailyLimit, windowsOf } from './effect-budget.js';

const scope = { workflow: 'w', connector: 'c' };
const limits = { perHour: 25, dailyPercent: 2 };

describe('the budget of destructive calls (P12)', () => {
  it.each([
    [0, 5],
    [250, 5],
    [299, 5],
    [300, 6],
    [10_000, 200],
  ])('allows %i active users to lose %i a day', (active, limit) => {
    expect(dailyLimit(active, 2)).toBe(limit);
  });

  it('counts per workflow and per connector, by the hour and by the day', () => {
    const windows = windowsOf(scope, 1_000, limits, new Date('2026-11-21T10:59:59.999Z'));
    expect(windows.map(({ id, limit, endsAt }) => [id, limit, endsAt.toISOString()])).toEqual([
      ['workflow:w/2026-11-21T10', 25, '2026-11-21T11:00:00.000Z'],
      ['workflow:w/2026-11-21', 20, '2026-11-22T00:00:00.000Z'],
      ['connector:c/2026-11-21T10', 25, '2026-11-21T11:00:00.000Z'],
      ['connector:c/2026-11-21', 20, '2026-11-22T00:00:00.000Z'],
    ]);
  });

  it('ends every window after now and begins another one there', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (now) => {
        for (const { id, endsAt } of windowsOf(scope, 1, limits, now)) {
          expect(endsAt.getTime()).toBeGreaterThan(now.getTime());
          expect(windowsOf(scope, 1, limits, endsAt).map((next) => next.id)).not.toContain(id);
          const last = new Date(endsAt.getTime() - 1);
          expect(windowsOf(scope, 1, limits, last).map((same) => same.id)).toContain(id);
        }
      }),
    );
  });
});
