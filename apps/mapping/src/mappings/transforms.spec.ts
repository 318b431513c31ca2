import { describe, expect, it } from '@jest/globals';
import type { Transform } from '@rollcall/contracts';

import { ValueFailure } from '../expressions/value-failure.js';
import { noValue } from '../fields/convert-value.js';
import { transformed } from './transforms.js';

describe('steps between a vendor’s value and what is stored', () => {
  it.each<[unknown, Transform[], unknown]>([
    ['  Ada ', [{ kind: 'trim' }, { kind: 'lower' }], 'ada'],
    ['ada', [{ kind: 'upper' }], 'ADA'],
    [17, [{ kind: 'lower' }], '17'],
    [1_717_974_114_923, [{ kind: 'date', format: 'epoch-ms' }], '2024-06-09T23:01:54.923Z'],
    [
      '2026-01-05 12:00:00',
      [{ kind: 'date', format: 'yyyy-mm-dd hh:mm:ss', zone: 'US/Eastern' }],
      '2026-01-05T17:00:00.000Z',
    ],
    [['a', 1, true], [{ kind: 'join', separator: ', ' }], 'a, 1, true'],
    ['ada@example.com', [{ kind: 'split', separator: '@', index: 0 }], 'ada'],
    ['a/b/c', [{ kind: 'split', separator: '/', index: -1 }], 'c'],
    ['a', [{ kind: 'split', separator: '/', index: 4 }], null],
    ['FTE', [{ kind: 'lookup', table: { FTE: 'Employee' }, otherwise: 'fail' }], 'Employee'],
    ['toString', [{ kind: 'lookup', table: { FTE: 'Employee' }, otherwise: 'keep' }], 'toString'],
    ['CON', [{ kind: 'lookup', table: { FTE: 'Employee' }, otherwise: 'empty' }], null],
  ])('%j through %j is %j', (value, transforms, result) => {
    expect(transformed(value, transforms)).toEqual(result);
  });

  it.each([
    ['9999-12-31T23:59:59.999Z', 'iso'],
    ['0001-01-01T00:00:00Z', 'iso'],
    ['0000-00-00 00:00:00', 'yyyy-mm-dd hh:mm:ss'],
    [0, 'epoch-ms'],
    [253_402_300_799, 'epoch-s'],
    [32_503_680_000, 'epoch-s'],
    [-62_135_596_800, 'epoch-s'],
    [-11_644_473_600, 'epoch-s'],
    ['1970-01-01 00:00:00', 'yyyy-mm-dd hh:mm:ss'],
    ['1970-01-01', 'yyyy-mm-dd'],
    ['1970-01-01T01:00:00+01:00', 'iso'],
    ['   ', 'iso'],
    ['\u00a0', 'iso'],
  ] as const)('%j as a date is empty, and no failure that would keep the date from before', (value, format) => {
    expect(transformed(value, [{ kind: 'date', format, zone: 'UTC' }, { kind: 'trim' }])).toBe(noValue);
  });

  it.each(['   ', '\u00a0', '\u200b'])(
    '%j, which shows nothing, is not looked up, unless the table names it',
    (value) => {
      for (const otherwise of ['fail', 'keep', 'empty'] as const) {
        expect(transformed(value, [{ kind: 'lookup', table: { FTE: 'Employee' }, otherwise }])).toBe(noValue);
      }
      expect(transformed(value, [{ kind: 'lookup', table: { [value]: 'None' }, otherwise: 'fail' }])).toBe('None');
    },
  );

  it.each([null, undefined, ''])('%j stays what it is, whatever follows', (value) => {
    expect(transformed(value, [{ kind: 'lower' }, { kind: 'date', format: 'iso' }])).toBe(value);
  });

  it.each<[unknown, Transform]>([
    [{ a: 1 }, { kind: 'trim' }],
    [['a'], { kind: 'lower' }],
    ['a', { kind: 'join', separator: ',' }],
    [[{}], { kind: 'join', separator: ',' }],
    ['yesterday', { kind: 'date', format: 'iso' }],
    ['CON', { kind: 'lookup', table: {}, otherwise: 'fail' }],
  ])('%j fails at %j, without its value in the words', (value, transform) => {
    const failure = (): unknown => transformed(value, [transform]);
    expect(failure).toThrow(ValueFailure);
    expect(failure).not.toThrow(/yesterday|CON/);
  });
});
