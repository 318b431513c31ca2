import { describe, expect, it } from '@jest/globals';

import { warningDue } from './ending.js';

const end = '2026-12-31T00:00:00.000Z';
const before = (milliseconds: number) => new Date(Date.parse(end) - milliseconds);
const day = 24 * 60 * 60_000;

describe('the warning that is due before a credential ends', () => {
  it.each<[string, number, number | null]>([
    ['far away', 30 * day + 1, null],
    ['thirty days before', 30 * day, 30],
    ['between the warnings of thirty and of seven days', 8 * day, 30],
    ['seven days before', 7 * day, 7],
    ['a day before', day, 1],
    ['an hour before', day / 24, 1],
    ['at the end', 0, 0],
    ['long after the end', -100 * day, 0],
  ])('%s', (_, left, expected) => {
    expect(warningDue(end, before(left))).toBe(expected);
  });
});
