import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { SliceLock } from './slice-lock.js';

describe('the footprint lock', () => {
  it('lets work without anything in common go on at once', async () => {
    const lock = new SliceLock();
    await lock.enter(new Set(['a']));
    await lock.enter(new Set(['b']));
    await lock.enter(new Set());
  });

  it('lets work on the same people wait for everybody who came before', async () => {
    const lock = new SliceLock();
    const leaveFirst = await lock.enter(new Set(['a', 'b']));
    const leaveSecond = await lock.enter(new Set(['c']));
    let entered = false;
    const third = lock.enter(new Set(['b', 'c'])).then(() => (entered = true));
    leaveFirst();
    await turn();
    expect(entered).toBe(false);
    leaveSecond();
    await third;
    expect(entered).toBe(true);
  });

  it('never lets two who share an entry in together, and lets everybody in in the end', async () => {
    const footprints = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(footprints, fc.scheduler(), async (all, scheduler) => {
        const lock = new SliceLock();
        const inside = new Map<string, number>();
        let finished = 0;
        const work = all.map(async (entries) => {
          const leave = await lock.enter(new Set(entries));
          for (const entry of entries) inside.set(entry, (inside.get(entry) ?? 0) + 1);
          for (const entry of entries) expect(inside.get(entry)).toBe(1);
          await scheduler.schedule(Promise.resolve());
          for (const entry of entries) inside.set(entry, inside.get(entry)! - 1);
          leave();
          finished += 1;
        });
        await scheduler.waitFor(Promise.all(work));
        expect(finished).toBe(all.length);
      }),
      { numRuns: 50 },
    );
  });
});
