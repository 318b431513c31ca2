import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunDocument } from '@rollcall/collections';

import { ClaimedRun, type ClaimedRunOptions, RunStopped } from './claimed-run.js';

const leaseMs = 300;
const opened: ClaimedRun[] = [];

function hold(run: Partial<RunDocument>, overrides: Partial<ClaimedRunOptions> = {}): ClaimedRun {
  const document = { _id: 'run-1', generation: 5, state: 'reading', cancelRequested: false, ...run } as RunDocument;
  const options = {
    holder: 'one',
    leaseMs,
    toleranceMs: 30,
    tickMs: 10,
    renew: () => Promise.resolve(document),
    look: () => Promise.resolve(document),
    ...overrides,
  };
  const held = new ClaimedRun(document, options, performance.now(), null);
  opened.push(held);
  return held;
}

afterEach(() => {
  for (const held of opened.splice(0)) held.close();
});

describe('a run in the hands of a process (A4)', () => {
  it('stays held as long as its lease is renewed', async () => {
    const held = hold({});
    await sleep(2 * leaseMs);
    expect(held.checkHeld).not.toThrow();
    expect(held.signal.aborted).toBe(false);
  });

  it('stops at once when somebody else holds it', async () => {
    const held = hold({}, { look: () => Promise.resolve(null) });
    await sleep(60);
    expect(held.checkHeld).toThrow(expect.objectContaining({ why: 'lease-lost' }));
    expect(held.signal.aborted).toBe(true);
  });

  it('works on while the database is away, but only until its lease has run out', async () => {
    const away = () => Promise.reject(new Error('no connection'));
    const held = hold({}, { renew: away, look: away });
    await sleep(leaseMs / 2);
    expect(held.checkHeld).not.toThrow();
    await sleep(leaseMs);
    expect(held.checkHeld).toThrow(RunStopped);
    expect(held.isHeld).toBe(false);
  });

  it('knows after oversleeping, before any timer could tell', () => {
    const held = hold({});
    const until = performance.now() + leaseMs;
    while (performance.now() < until) {
      // A process that was paused runs no timers; neither does one that is busy.
    }
    expect(held.checkHeld).toThrow(expect.objectContaining({ why: 'lease-lost' }));
  });

  it('notices a cancellation, unless the sweep has begun (A12)', async () => {
    const cancelled = { _id: 'run-1', generation: 5, cancelRequested: true, state: 'reading' } as RunDocument;
    const reading = hold({}, { look: () => Promise.resolve(cancelled) });
    const sweeping = hold({}, { look: () => Promise.resolve({ ...cancelled, state: 'sweeping' } as RunDocument) });
    await sleep(60);
    expect(reading.checkHeld).toThrow(expect.objectContaining({ why: 'cancelled' }));
    expect(sweeping.checkHeld).not.toThrow();
  });

  it('takes a lost lease for worse than any other reason to stop', () => {
    const held = hold({});
    held.stop('cancelled');
    held.stop('lease-lost');
    expect(held.stopped).toBe('lease-lost');
  });
});
