import { describe, expect, it } from '@jest/globals';

import { mostAttempts, pauseAfter } from './retry-plan.js';

describe('the pauses between tries of a mail', () => {
  const pauses = Array.from({ length: mostAttempts - 1 }, (_, index) => pauseAfter(index + 1));

  it('grow and stay bounded', () => {
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(Math.max(...pauses)).toBe(2 * 60 * 60_000);
  });

  it('outlast a mail server that is away for six hours (P47)', () => {
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(6 * 60 * 60_000);
  });
});
