import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from '@rollcall/observability';

import { TimedSteps } from './timed-steps.js';

function timed(step: (call: number) => Promise<boolean | void>, everyMs = 1_000) {
  const registry = new SchedulerRegistry();
  const errors: string[] = [];
  const seen = { calls: 0, underWay: 0, most: 0 };
  const logger = { error: (message: string) => void errors.push(message) } as Logger;
  const steps = new TimedSteps(registry, {
    name: 'test',
    everyMs,
    logger,
    step: async () => {
      seen.calls += 1;
      seen.underWay += 1;
      seen.most = Math.max(seen.most, seen.underWay);
      try {
        return await step(seen.calls);
      } finally {
        seen.underWay -= 1;
      }
    },
  });
  return { steps, registry, errors, seen };
}

const nothing = () => Promise.resolve();
const lasting = (milliseconds: number) => () =>
  new Promise<void>((resolve) => void setTimeout(() => resolve(), milliseconds));

describe('steps at an interval', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('begin at once and are repeated by an interval that @nestjs/schedule knows by name', async () => {
    const { steps, registry, seen } = timed(nothing);
    expect(registry.getIntervals()).toEqual([]);
    steps.start();
    expect(registry.getIntervals()).toEqual(['test']);
    await jest.advanceTimersByTimeAsync(3_500);
    expect(seen.calls).toBe(4);
    await steps.stop();
    expect(registry.getIntervals()).toEqual([]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(seen.calls).toBe(4);
  });

  it('pass over the times that come while one is under way', async () => {
    const { steps, seen } = timed(lasting(2_500));
    steps.start();
    await jest.advanceTimersByTimeAsync(2_900);
    expect(seen.calls).toBe(1);
    await jest.advanceTimersByTimeAsync(100);
    expect(seen).toMatchObject({ calls: 2, most: 1 });
  });

  it('are repeated at once while there is more to do', async () => {
    const { steps, seen } = timed(async (call) => call < 5);
    steps.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toMatchObject({ calls: 5, most: 1 });
  });

  it('come early when they are woken, and once more when they are woken while one is under way', async () => {
    const { steps, seen } = timed(lasting(100), 60_000);
    steps.wake();
    expect(seen.calls).toBe(0);
    steps.start();
    steps.wake();
    steps.wake();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen.calls).toBe(2);
    steps.wake();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen).toMatchObject({ calls: 3, most: 1 });
  });

  it('pause longer after each error that follows another, and keep the interval once they succeed', async () => {
    let isBroken = true;
    const { steps, errors, seen } = timed(() => (isBroken ? Promise.reject(new Error('away')) : nothing()));
    steps.start();
    const callsAfter = async (milliseconds: number) => {
      await jest.advanceTimersByTimeAsync(milliseconds);
      return seen.calls;
    };
    expect(await callsAfter(1_999)).toBe(1);
    expect(await callsAfter(1)).toBe(2);
    expect(await callsAfter(3_999)).toBe(2);
    expect(await callsAfter(1)).toBe(3);
    expect(await callsAfter(8_000)).toBe(4);
    expect(await callsAfter(15_000)).toBe(5);
    expect(await callsAfter(15_000)).toBe(6);
    expect(errors).toHaveLength(6);
    expect(errors[0]).toBe('test failed, tried again soon: away');
    isBroken = false;
    expect(await callsAfter(15_000)).toBe(7);
    expect(await callsAfter(3_000)).toBe(10);
  });

  it('never come sooner after an error than usual', async () => {
    const { steps, seen } = timed(() => Promise.reject(new Error('away')), 60_000);
    steps.start();
    await jest.advanceTimersByTimeAsync(59_999);
    expect(seen.calls).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen.calls).toBe(2);
  });

  it('are stopped when the one under way has ended, although there would be more to do', async () => {
    const { steps, seen } = timed(async () => {
      await lasting(500)();
      return true;
    });
    steps.start();
    let isStopped = false;
    const stopped = steps.stop().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(499);
    expect(isStopped).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await stopped;
    expect(seen).toMatchObject({ calls: 1, underWay: 0 });
    steps.wake();
    steps.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen.calls).toBe(1);
  });
});
