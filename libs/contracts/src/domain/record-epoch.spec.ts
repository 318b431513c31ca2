import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { epochOf, recordEpochAt, recordEpochSchema, withoutEpoch } from './record-epoch.js';
import { changeId } from './records.js';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe('an epoch of records', () => {
  it('is greater than the one before, also by a clock that was set back', () => {
    fc.assert(
      fc.property(time, time, chance, chance, (now, later, one, other) => {
        const before = recordEpochAt(now, one, null);
        const after = recordEpochAt(later, other, before);
        expect(recordEpochSchema.parse(after) > recordEpochSchema.parse(before)).toBe(true);
      }),
    );
  });

  it('is found in change ids and event ids, and may be left out of them', () => {
    const epoch = recordEpochAt(1_780_000_000_000, 0.5, null);
    for (const prefix of ['', 'people/', 'saas-users/']) {
      for (const where of ['p07', 'p07e2', 'c']) {
        const id = prefix + changeId(`${where}-${epoch}/000000000812`, 3);
        expect(epochOf(id)).toBe(epoch);
        expect(withoutEpoch(id)).toBe(`${prefix}${where}/000000000812/0003`);
      }
    }
  });

  it('is missing in ids from before there were epochs, which stay as they are', () => {
    for (const id of ['people/p07/000000000812/0003', 'p07e1/000000000812/0003', 'c/gateway-abcdefghijkl/x/0000']) {
      expect(epochOf(id)).toBeNull();
      expect(withoutEpoch(id)).toBe(id);
    }
  });
});
