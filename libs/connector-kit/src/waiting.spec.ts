import { describe, expect, it } from '@jest/globals';

import { backoffMs, retryAfterMs } from './waiting.js';

const now = Date.UTC(2026, 10, 21, 9);

describe('retryAfterMs', () => {
  it.each([
    ['2', 2000],
    [' 120 ', 120_000],
    ['2.128', 2128],
    ['0.0001', 1],
    ['86400', 86_400_000],
    ['Sat, 21 Nov 2026 09:00:10 GMT', 10_000],
    ['Saturday, 21-Nov-26 09:00:10 GMT', 10_000],
    ['0', null],
    ['-1', null],
    ['', null],
    ['soon', null],
    ['1e3', null],
    ['2026', 2_026_000],
    ['Sat, 21 Nov 2026 08:59:59 GMT', null],
    ['Sat, nonsense', null],
  ])('reads %j as %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('reads a missing header as none', () => {
    expect(retryAfterMs(undefined, now)).toBeNull();
  });
});

describe('backoffMs', () => {
  it('lies between nothing and the doubled, capped base', () => {
    expect(backoffMs(0, 0)).toBe(0);
    expect(backoffMs(0, 0.999)).toBe(999);
    expect(backoffMs(3, 0.5)).toBe(4000);
    expect(backoffMs(40, 0.5)).toBe(30_000);
  });
});
