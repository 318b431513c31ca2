import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isNeverDate } from './never-date.js';
import { parseVendorDate } from './vendor-date.js';

describe('a date that means never', () => {
  it.each([
    '9999-12-31T23:59:59.999Z',
    '9999-12-31',
    '9999-12-31 23:59:59',
    '9999-1-31',
    '9999-12-1',
    '0001-01-01T00:00:00Z',
    '0000-00-00',
    '0000-00-00 00:00:00',
    '-0001-11-30T00:00:00+00:00',
    '1601-01-01T00:00:00Z',
    '+010000-01-01T00:00:00Z',
    '2200-01-01',
    '1899-12-30',
    '12/31/9999',
    '01/01/0001 00:00:00',
    '31.12.9999',
    '1/31/9999',
    '31.1.9999',
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00+00:00',
    '1970-01-01T00:00:00-0000',
    '1970-01-01T00:00Z',
    ' 9999-12-31 ',
    '0',
    '-1',
    '9223372036854775807',
    0,
    -1,
    -62_135_596_800_000,
    253_402_300_799_999,
    Date.UTC(2200, 0),
    9.223372036854776e18,
  ])('is %j', (value) => {
    expect(isNeverDate(value)).toBe(true);
  });

  it.each([
    '2026-01-31T10:00:00Z',
    '1900-01-01',
    '2199-12-31',
    '1970-01-01T00:00:01Z',
    '1970-01-01 00:00:00',
    'x1970-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z/P1D',
    'x12/31/9999',
    '9999',
    '99991231',
    'x9999-12-31',
    '9999-12-31x',
    'never',
    '',
    1_700_000_000,
    Date.UTC(1900, 0),
    1,
    null,
    undefined,
    {},
    true,
  ])('is not %j', (value) => {
    expect(isNeverDate(value)).toBe(false);
  });

  it('is never one that can be read as a date', () => {
    const instant = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) - 1 });
    fc.assert(
      fc.property(instant, (ms) => {
        const text = new Date(ms).toISOString();
        if (parseVendorDate(text, { format: 'iso' }) !== null) expect(isNeverDate(text)).toBe(false);
        if (parseVendorDate(ms, { format: 'epoch-ms' }) !== null) expect(isNeverDate(ms)).toBe(false);
      }),
    );
  });
});
