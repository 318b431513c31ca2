import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@rollcall/observability';

import { Loop } from './loop.js';

const logger = createLogger({ service: 'test', level: 'silent' });

function loopOf(step: (call: number) => Promise<boolean>, idleMs = 60_000) {
  let calls = 0;
  let overlapping = 0;
  let running = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  const loop = new Loop({
    name: 'test',
    idleMs,
    logger,
    step: async () => {
      running += 1;
      overlapping = Math.max(overlapping, running);
      calls += 1;
      for (const one of waiting) if (calls >= one.count) one.resolve();
      try {
        return await step(calls);
      } finally {
        running -= 1;
      }
    },
  });
  const called = (count: number) =>
    new Promise<void>((resolve) => (calls >= count ? resolve() : waiting.push({ count, resolve })));
  return { loop, called, calls: () => calls, overlapping: () => overlapping };
}

describe('a loop', () => {
  it('looks again at once while there is more, then waits until it is woken', async () => {
    const { loop, called, calls, overlapping } = loopOf(async (call) => call < 5);
    loop.start();
    loop.start();
    await called(5);
    expect(calls()).toBe(5);
    loop.wake();
    await called(6);
    await loop.stop();
    expect(overlapping()).toBe(1);
  });

  it('does not miss a call that comes while it works', async () => {
    const running: { loop?: Loop } = {};
    const { loop, called } = loopOf(async (call) => {
      if (call === 1) running.loop!.wake();
      return false;
    });
    running.loop = loop;
    loop.start();
    await called(2);
    await loop.stop();
  });

  it('survives errors and stops when told, after the step that is running', async () => {
    const { loop, called } = loopOf(() => Promise.reject(new Error('away')), 1);
    loop.start();
    await called(3);
    await loop.stop();
  });
});
