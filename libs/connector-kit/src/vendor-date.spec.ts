import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseVendorDate } from './vendor-date.js';

const local = { format: 'yyyy-mm-dd hh:mm:ss', zone: 'America/New_York' } as const;
const iso = { format: 'iso' } as const;
const epoch = { format: 'epoch-ms' } as const;
const seconds = { format: 'epoch-s' } as const;
const days = { format: 'yyyy-mm-dd' } as const;

describe('parseVendorDate', () => {
  it.each([
    ['2022-06-21 17:58:11', '2022-06-21T21:58:11.000Z'],
    ['2022-01-21 17:58:11', '2022-01-21T22:58:11.000Z'],
    ['2026-03-08 01:59:59', '2026-03-08T06:59:59.000Z'],
    ['2026-03-08 03:00:00', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01 00:59:59', '2026-11-01T04:59:59.000Z'],
    ['2026-11-01 01:30:00', '2026-11-01T05:30:00.000Z'],
    ['2026-11-01 02:00:00', '2026-11-01T07:00:00.000Z'],
    ['2024-02-29 00:00:00', '2024-02-29T05:00:00.000Z'],
  ])('reads US Eastern %s as %s, the earlier of two in autumn', (text, expected) => {
    expect(parseVendorDate(text, local)).toBe(expected);
  });

  it('knows that the clocks skip 02:00 to 03:00 in spring (V25)', () => {
    for (const time of ['02:00:00', '02:30:00', '02:59:59']) {
      expect(parseVendorDate(`2026-03-08 ${time}`, local)).toBeNull();
      expect(parseVendorDate(`2026-03-09 ${time}`, local)).not.toBeNull();
    }
  });

  it('reads a zone that moves by half an hour', () => {
    const zone = 'Australia/Lord_Howe';
    expect(parseVendorDate('2026-10-04 02:15:00', { ...local, zone })).toBeNull();
    expect(parseVendorDate('2026-10-04 02:30:00', { ...local, zone })).toBe('2026-10-03T15:30:00.000Z');
  });

  it.each([
    ['2021-02-12T17:45:42.369Z', '2021-02-12T17:45:42.369Z'],
    ['2021-02-12T17:45:42Z', '2021-02-12T17:45:42.000Z'],
    ['2021-02-12T17:45:42.369123456+05:30', '2021-02-12T12:15:42.369Z'],
    ['2021-02-12T17:45:42-0800', '2021-02-13T01:45:42.000Z'],
  ])('reads ISO %s as %s', (text, expected) => {
    expect(parseVendorDate(text, iso)).toBe(expected);
  });

  it.each([
    [1_700_000_000, '2023-11-14T22:13:20.000Z'],
    [100_000_000, '1973-03-03T09:46:40.000Z'],
  ])('reads %d seconds as %s', (value, expected) => {
    expect(parseVendorDate(value, seconds)).toBe(expected);
  });

  it.each([
    ['2026-03-08', undefined, '2026-03-08T00:00:00.000Z'],
    ['2024-02-29', 'America/New_York', '2024-02-29T05:00:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    // The clocks go from 23:59:59 to 01:00 there, so this day begins at one.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('reads the day %s in the zone %s as %s', (text, zone, expected) => {
    expect(parseVendorDate(text, { format: 'yyyy-mm-dd', ...(zone === undefined ? {} : { zone }) })).toBe(expected);
  });

  it.each([
    [0, seconds],
    [99_999_999, seconds],
    [1_700_000_000_000, seconds],
    [1_700_000_000.5, seconds],
    ['1700000000', seconds],
    ['2026-02-30', days],
    ['0000-00-00', days],
    ['9999-12-31', days],
    ['2026-03-08 10:00:00', days],
    [20_260_308, days],
    [0, epoch],
    [1_700_000_000, epoch],
    ['1700000000000', epoch],
    [1.5e12 + 0.5, epoch],
    [Number.NaN, epoch],
    [253_402_300_799_000, epoch],
    ['', local],
    ['0', local],
    ['0000-00-00 00:00:00', local],
    ['9999-12-31 23:59:59', local],
    ['2026-02-30 10:00:00', local],
    ['2026-13-01 10:00:00', local],
    ['2026-01-01 24:00:00', local],
    ['2026-01-01 10:60:00', local],
    ['2026-01-01', local],
    [' 2026-01-01 10:00:00', local],
    [null, local],
    [{}, local],
    ['2026-01-01 10:00:00', { format: 'yyyy-mm-dd hh:mm:ss' } as const],
    ['2021-02-12T17:45:42', iso],
    ['0001-01-01T00:00:00Z', iso],
    ['1970-01-01T00:00:00.000Z', iso],
    ['9999-12-31T23:59:59Z', iso],
    ['2021-02-29T17:45:42Z', iso],
    ['2021-02-12T17:45:42+15:00', iso],
    ['2021-02-12', iso],
  ] as const)('takes %j for no date', (value, form) => {
    expect(parseVendorDate(value, form)).toBeNull();
  });

  it('reads epoch milliseconds', () => {
    expect(parseVendorDate(1_700_000_000_000, epoch)).toBe('2023-11-14T22:13:20.000Z');
  });

  it('gives back the wall clock that went in, for every zone and hour that exists', () => {
    const zones = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia');
    const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) });
    fc.assert(
      fc.property(zones, instant, (zone, ms) => {
        const shown = new Date(ms).toLocaleString('sv-SE', { timeZone: zone });
        const read = parseVendorDate(shown, { ...local, zone });
        expect(read).not.toBeNull();
        expect(new Date(read ?? '').toLocaleString('sv-SE', { timeZone: zone })).toBe(shown);
      }),
      { numRuns: 1000 },
    );
  });
});
