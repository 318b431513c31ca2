import { describe, expect, it } from '@jest/globals';

import { activeBefore, withActive } from './active-by-day.js';

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour));

describe('active accounts of the last days', () => {
  it('are noted once a day, from the first day with any, for nine days', () => {
    let days = withActive([], at(1), 0);
    expect(days).toEqual([]);
    days = withActive(days, at(2, 8), 100);
    days = withActive(days, at(2, 20), 40);
    expect(days).toEqual([{ at: at(2, 8), active: 100 }]);
    for (let day = 3; day <= 14; day += 1) days = withActive(days, at(day), 100 - day);
    expect(days.map(({ at: time }) => time.getUTCDate())).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(withActive(days, at(15), 0).at(-1)).toEqual({ at: at(15), active: 0 });
  });

  it('at a time are those of the newest entry before it, else of the oldest', () => {
    const days = [
      { at: at(2), active: 100 },
      { at: at(6), active: 70 },
      { at: at(9), active: 50 },
    ];
    expect(activeBefore(days, at(1))).toBe(100);
    expect(activeBefore(days, at(2))).toBe(100);
    expect(activeBefore(days, at(5))).toBe(100);
    expect(activeBefore(days, at(6))).toBe(70);
    expect(activeBefore(days, at(8))).toBe(70);
    expect(activeBefore(days, at(10))).toBe(50);
    expect(activeBefore([], at(10))).toBeNull();
  });
});
