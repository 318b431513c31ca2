import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { TokenBuckets } from './token-buckets.js';

describe('token buckets', () => {
  it('let a minute’s worth through at once, and then as many as time brings', () => {
    let now = 0;
    const buckets = new TokenBuckets({ perMinute: 60, now: () => now });
    const passed = () => Array.from({ length: 100 }, () => buckets.take('a')).filter((wait) => wait === 0).length;
    expect(passed()).toBe(60);
    expect(buckets.take('a')).toBe(1_000);
    now += 10_000;
    expect(passed()).toBe(10);
    now += 3_600_000;
    expect(passed()).toBe(60);
  });

  it('keep ids apart, and forget the one unused longest', () => {
    const buckets = new TokenBuckets({ perMinute: 1, mostIds: 2, now: () => 0 });
    expect(['a', 'b', 'a', 'b'].map((id) => buckets.take(id) === 0)).toEqual([true, true, false, false]);
    expect(buckets.take('c')).toBe(0);
    expect(buckets.take('b')).toBeGreaterThan(0);
    expect(buckets.take('a')).toBe(0);
  });

  it('take back what does not count, and never hold more than a minute’s worth', () => {
    const buckets = new TokenBuckets({ perMinute: 2, now: () => 0 });
    buckets.take('a');
    for (let times = 0; times < 5; times += 1) buckets.giveBack('a');
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a') > 0]).toEqual([0, 0, true]);
  });

  it('never let more through in any time than was there at first and came since, and say truly when the next may', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 200 }),
        (perMinute, pauses) => {
          let now = 0;
          const buckets = new TokenBuckets({ perMinute, now: () => now });
          let passed = 0;
          for (const pause of pauses) {
            now += pause;
            const wait = buckets.take('a');
            if (wait === 0) passed += 1;
            else {
              now += wait + 1;
              expect(buckets.take('a')).toBe(0);
              passed += 1;
            }
          }
          expect(passed).toBeLessThanOrEqual(perMinute + (now * perMinute) / 60_000 + 1);
        },
      ),
    );
  });
});
