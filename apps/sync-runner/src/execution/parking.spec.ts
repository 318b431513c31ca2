import { describe, expect, it } from '@jest/globals';
import { VendorError } from '@rollcall/connector-kit';

import { parkingOf } from './parking.js';

const now = Date.parse('2026-03-02T12:00:00Z');
const minute = 60_000;
const run = { startedAt: new Date(now - 60 * minute).toISOString() };
const limited = (retryAt?: unknown) => new VendorError('vendor-rate-limited', 'Too many.', { details: { retryAt } });

describe('a run whose vendor asks to wait (V1, V27)', () => {
  it('is parked until then when that is too long to wait in memory', () => {
    expect(parkingOf(limited(now + 60 * minute), run, now, now)).toEqual(new Date(now + 60 * minute));
    expect(parkingOf(limited(now + 60 * minute), { startedAt: null }, now, now)).toEqual(new Date(now + 60 * minute));
  });

  it('is parked by the clock of the database, whatever that of this machine says', () => {
    const ahead = now + 400 * 24 * 60 * minute;
    expect(parkingOf(limited(ahead + 60 * minute), run, ahead, now)).toEqual(new Date(now + 60 * minute));
  });

  it.each([
    ['a pause that was waited for already', limited(now + minute)],
    ['a pause beyond the day that a run may take', limited(now + 24 * 60 * minute)],
    ['no time named', limited()],
    ['a time that is none', limited('tomorrow')],
    ['another failure', new VendorError('vendor-unavailable', 'Down.', { details: { retryAt: now + 60 * minute } })],
    ['a defect', new Error('x')],
  ])('is not parked for %s', (_, error) => {
    expect(parkingOf(error, run, now, now)).toBeNull();
  });
});
