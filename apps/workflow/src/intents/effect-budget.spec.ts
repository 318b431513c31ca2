import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type BudgetWindow, dailyLimit, mostCallsPerPerson, reachedLimits, windowsOf } from './effect-budget.js';

const scope = { workflow: 'w', connector: 'c' };
const limits = { perHour: 25, dailyPercent: 2 };
const one = { ofApp: 1, ofAll: 1 };

describe('the budget of people acted on destructively (P12)', () => {
  it.each([
    [0, 5],
    [250, 5],
    [299, 5],
    [300, 6],
    [10_000, 200],
  ])('allows %i active users to lose %i a day', (active, limit) => {
    expect(dailyLimit(active, 2)).toBe(limit);
  });

  it('counts per workflow, per connector and in all, by the hour and by the day', () => {
    const active = { ofApp: 1_000, ofAll: 4_000 };
    const windows = windowsOf(scope, active, limits, new Date('2026-11-21T10:59:59.999Z'));
    expect(windows.map(({ id, limit, endsAt }) => [id, limit, endsAt.toISOString()])).toEqual([
      ['workflow:w/2026-11-21T10', 25, '2026-11-21T11:00:00.000Z'],
      ['workflow:w/2026-11-21', 20, '2026-11-22T00:00:00.000Z'],
      ['connector:c/2026-11-21T10', 25, '2026-11-21T11:00:00.000Z'],
      ['connector:c/2026-11-21', 20, '2026-11-22T00:00:00.000Z'],
      ['all/2026-11-21T10', 25, '2026-11-21T11:00:00.000Z'],
      ['all/2026-11-21', 80, '2026-11-22T00:00:00.000Z'],
    ]);
    expect(windows.map(({ name }) => name)[1]).toBe('20 people a day for destructive steps of this workflow');
  });

  it('ends every window after now and begins another one there', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (now) => {
        for (const { id, endsAt } of windowsOf(scope, one, limits, now)) {
          expect(endsAt.getTime()).toBeGreaterThan(now.getTime());
          expect(windowsOf(scope, one, limits, endsAt).map((next) => next.id)).not.toContain(id);
          const last = new Date(endsAt.getTime() - 1);
          expect(windowsOf(scope, one, limits, last).map((same) => same.id)).toContain(id);
        }
      }),
    );
  });

  const [workflowHour, workflowDay, , , , allDay] = windowsOf(scope, one, limits, new Date('2026-11-21T10:00:00Z'));
  const reached = (window: BudgetWindow, people: number, calls: number | null) =>
    reachedLimits([[window, { people, calls }]]).map(({ name }) => name);

  it('lets nobody new in once it is used up, and whoever is counted any time', () => {
    expect(reached(workflowHour!, 24, null)).toEqual([]);
    expect(reached(workflowHour!, 25, null)).toEqual(['25 people an hour for destructive steps of this workflow']);
    expect(reached(workflowHour!, 25, 11)).toEqual([]);
    expect(reached(workflowDay!, 5, 1_000)).toEqual([]);
  });

  it('ends with so many calls on one person a day', () => {
    expect(reached(allDay!, 1, mostCallsPerPerson - 1)).toEqual([]);
    expect(reached(allDay!, 1, mostCallsPerPerson)).toEqual(['50 destructive calls a day on one person']);
  });

  it('names the limit that lasts longest', () => {
    const full = { people: 1_000, calls: null };
    const [first] = reachedLimits([
      [workflowHour!, full],
      [workflowDay!, full],
    ]);
    expect(first).toEqual({ name: workflowDay!.name, endsAt: workflowDay!.endsAt });
  });
});
