import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isNeverDate } from './never-date.js';
import { parseVendorDate, type VendorDateForm } from './vendor-date.js';

const utc = { format: 'yyyy-mm-dd hh:mm:ss', zone: 'UTC' } as const;
const forms: readonly VendorDateForm[] = [
  { format: 'iso' },
  { format: 'epoch-ms' },
  { format: 'epoch-s' },
  { format: 'yyyy-mm-dd hh:mm:ss' },
  utc,
  { format: 'yyyy-mm-dd' },
  { format: 'yyyy-mm-dd', zone: 'America/New_York' },
];

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
    '',
    '   ',
    '\u00a0',
    '\u200b',
  ])('is %j, whatever form is expected', (value) => {
    for (const form of forms) expect(isNeverDate(value, form)).toBe(true);
  });

  it.each<[unknown, VendorDateForm]>([
    [253_402_300_799, { format: 'epoch-s' }],
    ['253402300799', { format: 'epoch-s' }],
    [32_503_680_000, { format: 'epoch-s' }],
    [-62_135_596_800, { format: 'epoch-s' }],
    [-62_167_219_200, { format: 'epoch-s' }],
    [-11_644_473_600, { format: 'epoch-s' }],
    ['1970-01-01 00:00:00', utc],
    ['1969-12-31 19:00:00', { ...utc, zone: 'America/New_York' }],
    ['1970-01-01', { format: 'yyyy-mm-dd' }],
    ['1970-01-01T01:00:00+01:00', { format: 'iso' }],
    [' 1970-01-01T01:00:00+01:00 ', { format: 'iso' }],
    ['2199-12-31T23:00:00-05:00', { format: 'iso' }],
    ['1900-01-01T00:00:00+01:00', { format: 'iso' }],
    ['2200-01-01 13:59:59', { ...utc, zone: 'America/New_York' }],
    ['0001-01-01', { format: 'yyyy-mm-dd', zone: 'America/New_York' }],
  ])('is %j in the form %j, by the instant that it means', (value, form) => {
    expect(isNeverDate(value, form)).toBe(true);
    expect(parseVendorDate(value, form)).toBeNull();
  });

  it.each<[unknown, VendorDateForm]>([
    // Milliseconds where seconds are expected are a mistake of the mapping, and empty nobody's date.
    [1_700_000_000_000, { format: 'epoch-s' }],
    [253_402_300_800, { format: 'epoch-s' }],
    [-62_167_219_201, { format: 'epoch-s' }],
    ['1700000000', { format: 'epoch-s' }],
    [1_700_000_000.5, { format: 'epoch-s' }],
    [99_999_999, { format: 'epoch-s' }],
    ['2026-02-30', { format: 'yyyy-mm-dd' }],
    ['1970-01-01 00:00:00', { ...utc, zone: 'America/New_York' }],
    ['1899-12-31T23:30:00-01:00', { format: 'iso' }],
    ['1970-01-01T00:00:00+15:00', { format: 'iso' }],
  ])('is not %j in the form %j', (value, form) => {
    expect(isNeverDate(value, form)).toBe(false);
  });

  it.each([
    '2026-01-31T10:00:00Z',
    '1900-01-01',
    '2199-12-31',
    '1970-01-01T00:00:01Z',
    'x1970-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z/P1D',
    'x12/31/9999',
    '9999',
    '99991231',
    'x9999-12-31',
    '9999-12-31x',
    'never',
    1_700_000_000,
    Date.UTC(1900, 0),
    1,
    null,
    undefined,
    {},
    true,
  ])('is not %j, whatever form is expected', (value) => {
    for (const form of forms) expect(isNeverDate(value, form)).toBe(false);
  });

  const years = fc.oneof(
    fc.integer({ min: Date.parse('0000-01-02T00:00:00Z'), max: Date.parse('9999-12-30T00:00:00Z') }),
    fc.constantFrom(0, Date.UTC(1900, 0), Date.UTC(2200, 0)).chain((edge) => {
      return fc.integer({ min: edge - 60 * 3_600_000, max: edge + 60 * 3_600_000 });
    }),
    fc.constantFrom(0, Date.UTC(1900, 0) - 1000, Date.UTC(1900, 0), Date.UTC(2200, 0) - 1000, Date.UTC(2200, 0)),
  );
  const isOrdinary = (ms: number) => ms !== 0 && ms >= Date.UTC(1900, 0) && ms < Date.UTC(2200, 0);
  const shown = (ms: number, hours: number) => new Date(ms + hours * 3_600_000).toISOString();

  it.each<[VendorDateForm['format'], fc.Arbitrary<{ ms: number; value: unknown; form: VendorDateForm }>]>([
    [
      'iso',
      fc.tuple(years, fc.integer({ min: 0, max: 14 }), fc.constantFrom('+', '-')).map(([ms, hours, sign]) => ({
        ms,
        value: `${shown(ms, Number(`${sign}${hours}`)).slice(0, -1)}${sign}${String(hours).padStart(2, '0')}:00`,
        form: { format: 'iso' },
      })),
    ],
    [
      'yyyy-mm-dd hh:mm:ss',
      fc.tuple(years, fc.constantFrom(-12, 0, 5, 14)).map(([time, hours]) => {
        const ms = Math.floor(time / 1000) * 1000;
        const zone = hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
        return { ms, value: shown(ms, hours).slice(0, 19).replace('T', ' '), form: { ...utc, zone } };
      }),
    ],
    [
      'yyyy-mm-dd',
      years.map((time) => {
        const ms = Math.floor(time / 86_400_000) * 86_400_000;
        return { ms, value: shown(ms, 0).slice(0, 10), form: { format: 'yyyy-mm-dd' } };
      }),
    ],
    ...(
      [
        ['epoch-ms', 1],
        ['epoch-s', 1000],
      ] as const
    ).map(([format, unit]) => {
      const values = years
        .map((time) => ({ ms: Math.floor(time / unit) * unit, value: Math.floor(time / unit), form: { format } }))
        // Small values may be of another unit: they are neither a date nor none.
        .filter(({ ms }) => !isOrdinary(ms) || ms >= 100_000_000_000);
      return [format, values] as [typeof format, typeof values];
    }),
  ])('of the form %s is each of its instants that is no ordinary date, and no other', (_format, written) => {
    fc.assert(
      fc.property(written, ({ ms, value, form }) => {
        expect(parseVendorDate(value, form)).toBe(isOrdinary(ms) ? new Date(ms).toISOString() : null);
        expect(isNeverDate(value, form)).toBe(!isOrdinary(ms));
      }),
      { numRuns: 500 },
    );
  });

  it('is never one that can be read as a date, whatever is written', () => {
    const parts = fc.constantFrom(
      '1970',
      '0001',
      '1899',
      '1900',
      '2199',
      '2200',
      '9999',
      '-01',
      '-12-31',
      'T00:00:00',
      'Z',
      ' ',
    );
    const value = fc.oneof(
      fc.array(parts, { maxLength: 6 }).map((some) => some.join('')),
      fc.double({ noNaN: true }),
      fc.maxSafeInteger(),
      fc.integer({ min: -100_000_000_000, max: 300_000_000_000 }),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(...forms), (one, form) => {
        if (isNeverDate(one, form)) expect(parseVendorDate(one, form)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
