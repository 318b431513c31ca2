import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  draw,
  longestPauseMs,
  paused,
  type RateBudgetDocument,
  type RateLimit,
  usableCapacity,
} from './rate-budget-bucket.js';

/** Times at which as many calls as asked for may be sent, as early as the budget lets them. */
function sendingTimes(limit: RateLimit, calls: number): number[] {
  const times: number[] = [];
  let bucket: RateBudgetDocument = { _id: 'one', tokens: usableCapacity(limit), at: 0, notBefore: 0, version: 0 };
  for (let now = 0; times.length < calls;) {
    const drawn = draw(bucket, limit, now);
    if (drawn.kind === 'distrusted') throw new Error('a bucket of its own time is believed');
    if (drawn.kind === 'wait') {
      now = drawn.until;
      continue;
    }
    bucket = drawn.next;
    for (let taken = 0; taken < drawn.tokens; taken += 1) times.push(now);
  }
  return times;
}

/** Calls that a vendor with this limit refuses, who counts them when they arrive. */
function refusedAt(arrivals: readonly number[], { capacity, perSecond }: RateLimit): number {
  let [tokens, at, refused] = [capacity, 0, 0];
  for (const arrival of [...arrivals].sort((a, b) => a - b)) {
    tokens = Math.min(capacity, tokens + ((arrival - at) * perSecond) / 1000);
    at = arrival;
    if (tokens < 1 - 1e-9) refused += 1;
    else tokens -= 1;
  }
  return refused;
}

describe('the rate budget of a credential (G5)', () => {
  it('keeps a reserve for calls that arrive late: the vendor refuses none of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 120 }),
        (capacity, perSecond, lateness) => {
          const limit = { capacity, perSecond };
          // Late by as much as the reserve is worth.
          const longestMs = ((capacity - usableCapacity(limit)) * 1000) / perSecond;
          const times = sendingTimes(limit, lateness.length);
          const arrivals = times.map((time, index) => time + lateness[index]! * longestMs);
          expect(refusedAt(arrivals, limit)).toBe(0);
        },
      ),
    );
  });

  it.each([
    [20, 16],
    [10, 8],
    [2, 1],
    [1, 1],
    [0.4, 1],
  ])('of a vendor that takes %d at once sends %d at once', (capacity, usable) => {
    expect(usableCapacity({ capacity, perSecond: 10 })).toBe(usable);
  });

  const empty = { _id: 'one', tokens: 0, at: 0, notBefore: 0, version: 0 };
  const limit = { capacity: 10, perSecond: 10 };
  const now = 1_800_000_000_000;

  it.each([
    ['filled at a time that has not come', { ...empty, at: now + 3_600_000 }],
    ['paused for longer than any pause is kept', { ...empty, at: now, notBefore: now + longestPauseMs + 1 }],
  ])('%s fills again from now on', (_case, bucket) => {
    const next = { ...empty, at: now, version: 1 };
    expect(draw(bucket, limit, now)).toEqual({ kind: 'distrusted', next });
    expect(draw(next, limit, now)).toEqual({ kind: 'wait', until: now + 100 });
  });

  it('keeps a pause that the vendor asked for, with nothing to spend at its end', () => {
    const bucket = paused({ ...empty, at: now, tokens: 8 }, now + 60_000, now);
    expect(draw(bucket, limit, now)).toEqual({ kind: 'wait', until: now + 60_000 });
    expect(draw(bucket, limit, now + 60_000)).toEqual({ kind: 'wait', until: now + 60_100 });
  });

  it('keeps no pause beyond a day', () => {
    expect(paused(empty, now + 400 * 86_400_000, now).notBefore).toBe(now + longestPauseMs);
  });
});
