import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { nextGeneration, startsAgain } from './generation.js';

describe('generations (A5)', () => {
  it('rise whatever the clock says', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1 }), (clocks) => {
        let last = 0;
        for (const now of clocks) {
          const next = nextGeneration(last, now);
          if (next <= last || next < now) return false;
          last = next;
        }
        return true;
      }),
    );
  });

  it('are new for a holder before END and kept by every step after it', () => {
    expect(['planned', 'reading', 'judging', 'sweeping'].map((state) => startsAgain(state as 'planned'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
