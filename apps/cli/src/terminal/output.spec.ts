import { describe, expect, it } from '@jest/globals';

import { columns, readableBytes, readableDuration, shortened, wrapped } from './output.js';

describe('text for the terminal', () => {
  it('aligns columns and leaves no blanks at line ends', () => {
    expect(
      columns([
        ['NAME', 'PORT', 'STATE'],
        ['kafka', '29092', ''],
      ]),
    ).toEqual(['NAME   PORT   STATE', 'kafka  29092']);
    expect(columns([])).toEqual([]);
  });

  it('wraps at the width of a terminal, also what has no blanks, and shortens what is long', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', '  three', '  four']);
    expect(wrapped('x'.repeat(20), 9)).toEqual(['x'.repeat(7), `  ${'x'.repeat(7)}`, `  ${'x'.repeat(6)}`]);
    expect(wrapped('')).toEqual(['']);
    expect([shortened('abc', 3), shortened('abcd', 3)]).toEqual(['abc', 'ab…']);
  });

  it.each([
    [340_000_000, '340 MB'],
    [12_400_000_000, '12.4 GB'],
  ])('%d bytes is %s', (bytes, text) => {
    expect(readableBytes(bytes)).toBe(text);
  });

  it.each([
    [40_000, '40 s'],
    [12 * 60_000, '12 min'],
    [3 * 3_600_000, '3 h'],
    [5 * 86_400_000, '5 d'],
    [-1, '0 s'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(readableDuration(milliseconds)).toBe(text);
  });
});
