import { describe, expect, it } from '@jest/globals';

import { defaultSchedule, nextSlot } from './next-slot.js';

const berlin = (cron: string) => ({ cron, zone: 'Europe/Berlin' });
const next = (cron: string, after: string) => nextSlot(berlin(cron), new Date(after), 'acme').toISOString();

describe('the next slot', () => {
  it('follows the wall clock of its zone through winter and summer', () => {
    expect(next('30 2 * * *', '2026-01-10T12:00:00Z')).toBe('2026-01-11T01:30:00.000Z');
    expect(next('30 2 * * *', '2026-07-10T12:00:00Z')).toBe('2026-07-11T00:30:00.000Z');
  });

  it('comes once, later, on the day that skips its hour', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(next('30 2 * * *', '2026-03-29T01:30:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('comes once, in the first hour, on the day that has its hour twice', () => {
    expect(next('30 2 * * *', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('30 2 * * *', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it('lies strictly after the moment that is asked for', () => {
    expect(next('0 * * * *', '2026-05-05T10:00:00Z')).toBe('2026-05-05T11:00:00.000Z');
  });

  it.each([
    ['2:30', 'UTC', 'five fields'],
    ['30 2 * *', 'UTC', 'five fields'],
    ['30 2 * * *', '+02:00', 'not a time zone'],
    ['0 30 2 * * *', 'UTC', 'five fields'],
    ['61 2 * * *', 'UTC', 'names no time'],
    ['0 0 31 2 *', 'UTC', 'names no time'],
    ['30 2 * * *', 'Nowhere/Land', 'not a time zone'],
  ])('of "%s" in %s is refused and says why', (cron, zone, words) => {
    expect(() => nextSlot({ cron, zone }, new Date(0), 'acme')).toThrow(words);
    expect(() => nextSlot({ cron, zone }, new Date(0), 'acme')).toThrow(
      expect.objectContaining({ code: 'invalid-schedule' }),
    );
  });
});

describe('a schedule with H', () => {
  const at = (integration: string, after: string) =>
    nextSlot({ cron: 'H H * * *', zone: 'UTC' }, new Date(after), integration).getTime();

  it('gives the same time every day, however often it is looked at', () => {
    const first = at('acme', '2027-02-01T00:00:00Z');
    expect(at('acme', '2027-02-01T00:00:00Z')).toBe(first);
    for (let day = 1; day < 60; day += 1) {
      expect(at('acme', new Date(first + (day - 1) * 86_400_000).toISOString())).toBe(first + day * 86_400_000);
    }
  });

  it('spreads integrations', () => {
    const times = new Set(
      Array.from({ length: 50 }, (_, number) => at(`integration-${number}`, '2027-02-01T00:00:00Z')),
    );
    expect(times.size).toBeGreaterThan(40);
  });
});

describe('the default schedule (R54)', () => {
  it('is daily, at night, always the same for an integration', () => {
    const schedule = defaultSchedule('acme');
    expect(defaultSchedule('acme')).toEqual(schedule);
    const first = nextSlot(schedule, new Date('2026-05-05T12:00:00Z'), 'acme');
    expect(nextSlot(schedule, first, 'acme').getTime() - first.getTime()).toBe(24 * 60 * 60_000);
    expect(first.getUTCHours()).toBeLessThan(6);
  });

  it('spreads integrations over the night (architecture 10)', () => {
    const times = new Set(Array.from({ length: 200 }, (_, number) => defaultSchedule(`integration-${number}`).cron));
    expect(times.size).toBeGreaterThan(120);
  });
});
