import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { BackOff, backOff } from './back-off.js';

describe('the pause before a process is started again', () => {
  it('doubles while it ends soon after its start, up to a minute', () => {
    const pauses = new BackOff();
    const found = Array.from({ length: 9 }, () => pauses.afterEnd(500) / 1_000);
    expect(found).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('is short again for one that ran steadily', () => {
    const pauses = new BackOff();
    for (let ends = 0; ends < 5; ends += 1) pauses.afterEnd(0);
    expect(pauses.afterEnd(backOff.steadyAfterMs)).toBe(backOff.firstMs);
    expect(pauses.afterEnd(0)).toBe(2 * backOff.firstMs);
  });

  it('never leaves its bounds, whatever runs came before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 200 }), (runs) => {
        const pauses = new BackOff();
        for (const ranMs of runs) {
          const pauseMs = pauses.afterEnd(ranMs);
          expect(pauseMs).toBeGreaterThanOrEqual(backOff.firstMs);
          expect(pauseMs).toBeLessThanOrEqual(backOff.longestMs);
        }
      }),
    );
  });
});
