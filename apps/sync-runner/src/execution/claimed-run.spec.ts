import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunDocument } from '@rollcall/collections';

import { ClaimedRun, type ClaimedRunOptions, RunStopped } from './claimed-run.js';

const leaseMs = 300;
const opened: ClaimedRun[] = [];

function claim(run: Partial<RunDocument>, overrides: Partial<ClaimedRunOptions> = {}): ClaimedRun {
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
  const claimed = new ClaimedRun(document, options, performance.now(), null);
  opened.push(claimed);
  return claimed;
}

afterEach(() => {
  for (const claimed of opened.splice(0)) claimed.close();
});

describe('a run in the hands of a process (A4)', () => {
  it('stays held as long as its lease is renewed', async () => {
    const claimed = claim({});
    await sleep(2 * leaseMs);
    expect(claimed.checkHeld).not.toThrow();
    expect(claimed.signal.aborted).toBe(false);
  });

  it('stops at once when somebody else holds it', async () => {
    const claimed = claim({}, { look: () => Promise.resolve(null) });
    await sleep(60);
    expect(claimed.checkHeld).toThrow(expect.objectContaining({ why: 'lease-lost' }));
    expect(claimed.signal.aborted).toBe(true);
  });

  it('works on while the database is away, but only until its lease has run out', async () => {
    const away = () => Promise.reject(new Error('no connection'));
    const claimed = claim({}, { renew: away, look: away });
    await sleep(leaseMs / 2);
    expect(claimed.checkHeld).not.toThrow();
    await sleep(leaseMs);
    expect(claimed.checkHeld).toThrow(RunStopped);
    expect(claimed.isHeld).toBe(false);
  });

  it('knows after oversleeping, before any timer could tell', () => {
    const claimed = claim({});
    const until = performance.now() + leaseMs;
    while (performance.now() < until) {
      // A process that was paused runs no timers; neither does one that is busy.
    }
    expect(claimed.checkHeld).toThrow(expect.objectContaining({ why: 'lease-lost' }));
  });

  it('notices a cancellation, unless the sweep has begun (A12)', async () => {
    const cancelled = { _id: 'run-1', generation: 5, cancelRequested: true, state: 'reading' } as RunDocument;
    const reading = claim({}, { look: () => Promise.resolve(cancelled) });
    const sweeping = claim({}, { look: () => Promise.resolve({ ...cancelled, state: 'sweeping' } as RunDocument) });
    await sleep(60);
    expect(reading.checkHeld).toThrow(expect.objectContaining({ why: 'cancelled' }));
    expect(sweeping.checkHeld).not.toThrow();
  });

  it('takes a lost lease for worse than any other reason to stop', () => {
    const claimed = claim({});
    claimed.stop('cancelled');
    claimed.stop('lease-lost');
    expect(claimed.stopped).toBe('lease-lost');
  });
});
