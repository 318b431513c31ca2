import { describe, expect, it } from '@jest/globals';

import { pollUntil } from './poll-until.js';

/** Says when it was looked at, in milliseconds since its making, and finds something at the last of `count` looks. */
function lookingUntil(count: number) {
  const startedAt = performance.now();
  const looks: number[] = [];
  const look = () => {
    looks.push(performance.now() - startedAt);
    return Promise.resolve(looks.length < count ? null : 'found');
  };
  return { look, looks };
}

describe('pollUntil', () => {
  it('looks after each pause and repeats the last one until something is there', async () => {
    const { look, looks } = lookingUntil(4);
    expect(await pollUntil(look, [0, 10, 20])).toBe('found');
    expect(looks).toHaveLength(4);
    // A timer may fire up to a millisecond early.
    expect(looks[3]).toBeGreaterThanOrEqual(0 + 10 + 20 + 20 - 4);
  });

  it('gives up when its patience is over', async () => {
    const { look, looks } = lookingUntil(99);
    expect(await pollUntil(look, [10], 25)).toBeNull();
    expect(looks.length).toBeGreaterThanOrEqual(1);
    expect(looks.length).toBeLessThanOrEqual(3);
  });

  it('does not look at all without patience', async () => {
    const { look, looks } = lookingUntil(1);
    expect(await pollUntil(look, [0], 0)).toBeNull();
    expect(looks).toEqual([]);
  });

  it('ends with what a look throws', async () => {
    await expect(pollUntil(() => Promise.reject(new Error('stopped')), [0])).rejects.toThrow('stopped');
  });
});
