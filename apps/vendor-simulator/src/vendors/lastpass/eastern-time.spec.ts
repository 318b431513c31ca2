import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { easternTime } from './eastern-time.js';

const formatter = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/New_York',
  dateStyle: 'short',
  timeStyle: 'medium',
});

describe('eastern time', () => {
  it('agrees with the time zone database at every second since 2007', () => {
    const seconds = fc.integer({ min: Date.UTC(2008, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 });
    fc.assert(fc.property(seconds, (s) => expect(easternTime(s * 1000)).toBe(formatter.format(s * 1000))));
  });

  it('agrees on both sides of both changes of a year', () => {
    for (const ms of [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)]) {
      for (const at of [ms - 1000, ms]) expect(easternTime(at)).toBe(formatter.format(at));
    }
  });
});
