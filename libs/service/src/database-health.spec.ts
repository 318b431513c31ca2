import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { DatabaseHealth, mostSkewMs } from './database-health.js';

/** A database whose clock differs by `skewMs`, and whose answer took this long there and back. */
function health(skewMs: number, thereMs = 1, backMs = 1) {
  let now = 1_000_000;
  return new DatabaseHealth({
    address: 'db:27017',
    wallClock: () => now,
    stopwatch: () => now,
    ask: async () => {
      now += thereMs;
      const theirs = new Date(now - skewMs);
      now += backMs;
      return theirs;
    },
  });
}

describe('the health of the database', () => {
  it('names its address when it does not answer, and does not judge its clock then', async () => {
    const away = new DatabaseHealth({
      address: 'db:27017',
      ask: async () => {
        throw new Error('no server');
      },
    });
    expect(await away.reachable()).toEqual({
      ok: false,
      detail:
        'MongoDB cannot be reached at db:27017, or has no primary. It is tried again all the time; see that it runs.',
    });
    expect((await away.clock()).ok).toBe(true);
    expect(await health(0).reachable()).toEqual({ ok: true, detail: 'answers' });
  });

  it('names a clock that is more than two seconds off, and to which side', async () => {
    expect(await health(3_000).clock()).toMatchObject({
      ok: false,
      detail: expect.stringContaining("3.0 s ahead of the database's"),
    });
    expect(await health(-60_000).clock()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('60.0 s behind'),
    });
  });

  it('blames no clock for what a slow answer may have been, and no slow answer hides a wrong clock', async () => {
    const way = fc.integer({ min: 0, max: 2_000 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -10_000, max: 10_000 }), way, way, async (skewMs, thereMs, backMs) => {
        const { ok } = await health(skewMs, thereMs, backMs).clock();
        if (Math.abs(skewMs) <= mostSkewMs) expect(ok).toBe(true);
        if (Math.abs(skewMs) > mostSkewMs + thereMs + backMs) expect(ok).toBe(false);
      }),
    );
  });

  it('waits no longer than it may, whatever the driver does, and asks nothing anew meanwhile', async () => {
    let asked = 0;
    const hanging = new DatabaseHealth({
      address: 'db:27017',
      answerWithinMs: 5,
      ask: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    expect((await hanging.reachable()).ok).toBe(false);
    expect((await hanging.reachable()).ok).toBe(false);
    expect(asked).toBe(1);
  });

  it('asks once for both answers', async () => {
    let asked = 0;
    const database = new DatabaseHealth({
      address: 'db:27017',
      ask: async () => {
        asked += 1;
        return new Date();
      },
    });
    await Promise.all([database.reachable(), database.clock()]);
    expect(asked).toBe(1);
    await database.reachable();
    expect(asked).toBe(2);
  });
});
