import { setImmediate } from 'node:timers/promises';

import { beforeEach, describe, expect, it } from '@jest/globals';

import { carriedOn, lookAgainAfterMs } from './carried-clock.js';

const noon = Date.UTC(2026, 0, 5, 12);

describe('a clock that is carried on', () => {
  const world = { stopwatch: 0, theirs: noon, asked: 0, isAway: false, tookMs: 0 };
  beforeEach(() => {
    Object.assign(world, { isAway: false, tookMs: 0, asked: 0 });
  });
  const clock = () =>
    carriedOn(
      async () => {
        world.asked += 1;
        if (world.isAway) throw new Error('away');
        const said = new Date(world.theirs + world.tookMs / 2);
        world.stopwatch += world.tookMs;
        world.theirs += world.tookMs;
        return said;
      },
      () => world.stopwatch,
    );
  const pass = (ms: number) => {
    world.stopwatch += ms;
    world.theirs += ms;
  };

  it('tells the time of the other, whatever the answer took, and asks once', async () => {
    world.tookMs = 40;
    const timeMs = await clock();
    expect(timeMs()).toBe(world.theirs);
    pass(lookAgainAfterMs - 100);
    expect(timeMs()).toBe(world.theirs);
    expect(world.asked).toBe(1);
  });

  it('follows a step of the other one', async () => {
    const timeMs = await clock();
    world.theirs += 3_600_000;
    pass(lookAgainAfterMs + 1);
    expect(timeMs()).toBe(world.theirs - 3_600_000);
    await setImmediate();
    expect(timeMs()).toBe(world.theirs);
  });

  it('goes on with its last answer while the other one is away, and asks again', async () => {
    const timeMs = await clock();
    world.isAway = true;
    for (let times = 0; times < 3; times += 1) {
      pass(lookAgainAfterMs + 1);
      expect(timeMs()).toBe(world.theirs);
      await setImmediate();
    }
    world.isAway = false;
    world.theirs -= 60_000;
    expect(timeMs()).toBe(world.theirs + 60_000);
    await setImmediate();
    expect(timeMs()).toBe(world.theirs);
  });
});
