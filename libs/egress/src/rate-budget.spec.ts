import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { RateBudget, type RateClock } from './rate-budget.js';
import { batchSize, type RateBudgetDocument, type RateLimit, usableCapacity } from './rate-budget-bucket.js';
import type { RateBudgetLook, RateBudgetStore } from './rate-budget-store.js';

/** A collection whose answers come when the clock lets them: reads and writes of several processes interleave. */
class MemoryStore implements RateBudgetStore {
  readonly documents = new Map<string, RateBudgetDocument>();
  conflicts = 0;
  writes = 0;

  constructor(
    /** The clock of the database. */
    private readonly now: () => number,
    private readonly latency: () => Promise<void> = () => Promise.resolve(),
  ) {}

  async look(id: string): Promise<RateBudgetLook | null> {
    await this.latency();
    const found = this.documents.get(id);
    const look = found ? { bucket: { ...found }, now: this.now() } : null;
    await this.latency();
    return look;
  }

  async create(id: string, tokens: number): Promise<void> {
    await this.latency();
    if (this.documents.has(id)) return;
    this.documents.set(id, { _id: id, tokens, at: this.now(), notBefore: 0, version: 0 });
  }

  async replace(version: number, next: RateBudgetDocument): Promise<boolean> {
    await this.latency();
    this.writes += 1;
    if (this.documents.get(next._id)?.version !== version) {
      this.conflicts += 1;
      return false;
    }
    this.documents.set(next._id, { ...next });
    return true;
  }
}

/** Time that passes only when everybody sleeps. */
class SteppedClock {
  time = 1_000_000;
  private sleepers: { at: number; wake: () => void }[] = [];

  /** The clock as a process with an offset sees it. */
  seenWith(offsetMs: number): RateClock {
    return { now: () => this.time + offsetMs, elapsed: () => this.time, sleep: (ms, signal) => this.sleep(ms, signal) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sleepers.push({ at: this.time + Math.max(ms, 0), wake: resolve });
      signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
  }

  async run(work: Promise<unknown>): Promise<void> {
    let done = false;
    void work.finally(() => (done = true)).catch(() => undefined);
    for (let turn = 0; !done; turn += 1) {
      if (turn > 200_000) throw new Error('nobody makes progress');
      await new Promise(setImmediate);
      if (done || this.sleepers.length === 0) continue;
      this.sleepers.sort((a, b) => a.at - b.at);
      const next = this.sleepers.shift()!;
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
    await work;
  }
}

/** The most tokens granted inside any window of the length, counted by brute force. */
function mostWithin(grants: readonly number[], windowMs: number): number {
  return Math.max(0, ...grants.map((from) => grants.filter((at) => at >= from && at <= from + windowMs).length));
}

const limits = fc.record({
  capacity: fc.integer({ min: 1, max: 30 }),
  perSecond: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 101, max: 600 })),
});

describe('RateBudget', () => {
  it('never grants more than capacity, refill and batches held, whatever the interleaving of processes (G5)', async () => {
    await fc.assert(
      fc.asyncProperty(
        limits,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 25 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 7 })),
        async (limit, processes, each, delays) => {
          const clock = new SteppedClock();
          const store = new MemoryStore(
            () => clock.time,
            () => clock.sleep(delays.next().value as number),
          );
          const seen = clock.seenWith(0);
          const grants: number[] = [];
          const takers = Array.from({ length: processes }, () => new RateBudget(store)).flatMap((budget) =>
            Array.from({ length: each }, () =>
              budget.take('one', limit, { clock: seen }).then(() => grants.push(clock.time)),
            ),
          );
          await clock.run(Promise.all(takers));
          expect(grants).toHaveLength(processes * each);
          for (const windowMs of [0, 50, 500, 5_000]) {
            // Reading and writing take up to 21 ms, in which a grant is on its way, and each process may hold a batch.
            const onTheWay = (21 * limit.perSecond) / 1000 + processes * (batchSize(limit) - 1);
            const bound = limit.capacity + (windowMs * limit.perSecond) / 1000 + onTheWay + 1;
            expect(mostWithin(grants, windowMs)).toBeLessThanOrEqual(bound);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes every token of the document once: tokens left and taken are the tokens there were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 12 }), async (processes, capacity) => {
        const clock = new SteppedClock();
        const store = new MemoryStore(
          () => 1_000_000,
          () => clock.sleep(1),
        );
        const limit = { capacity, perSecond: 1 };
        let granted = 0;
        const takes = Array.from({ length: processes }, () => new RateBudget(store)).flatMap((budget) =>
          Array.from({ length: capacity }, () =>
            budget.take('one', limit, { clock: clock.seenWith(0), maxWaitMs: 100 }).then(
              () => (granted += 1),
              () => undefined,
            ),
          ),
        );
        await clock.run(Promise.all(takes));
        expect(granted).toBe(usableCapacity(limit));
        expect(store.documents.get('one')!.tokens).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('grants nothing before the instant that a 429 named, to any process, and no burst after it', async () => {
    const clock = new SteppedClock();
    const seen = clock.seenWith(0);
    const store = new MemoryStore(() => clock.time);
    const [first, second] = [new RateBudget(store), new RateBudget(store)];
    const limit = { capacity: 10, perSecond: 10 };
    await first.take('one', limit, { clock: seen });
    const until = clock.time + 2_128;
    await first.notBefore('one', until, seen);
    await second.notBefore('one', until - 2_000, seen);
    expect(store.documents.get('one')!.notBefore).toBe(until);
    const grants: number[] = [];
    const takers = [first, second].flatMap((budget) =>
      [1, 2, 3].map(() => budget.take('one', limit, { clock: seen }).then(() => grants.push(clock.time))),
    );
    await clock.run(Promise.all(takers));
    expect(Math.min(...grants)).toBeGreaterThanOrEqual(until);
    expect(mostWithin(grants, 200)).toBeLessThanOrEqual(3);
  });

  it('drops tokens of a batch at a 429', async () => {
    const clock = new SteppedClock();
    const seen = clock.seenWith(0);
    const budget = new RateBudget(new MemoryStore(() => clock.time));
    const limit = { capacity: 100, perSecond: 200 };
    await budget.take('one', limit, { clock: seen });
    await budget.notBefore('one', seen.now() + 60_000, seen);
    await expect(budget.take('one', limit, { clock: seen, maxWaitMs: 1_000 })).rejects.toMatchObject({
      code: 'budget-wait-too-long',
      retriable: true,
      details: { until: seen.now() + 60_000 },
    });
  });

  it('asks the database once per batch when the rate is high, and for every token when it is not', async () => {
    const writesFor = async (limit: RateLimit): Promise<number> => {
      const clock = new SteppedClock();
      const store = new MemoryStore(() => clock.time);
      const budget = new RateBudget(store);
      const seen = clock.seenWith(0);
      for (let taken = 0; taken < 40; taken += 1) await budget.take('one', limit, { clock: seen });
      return store.writes;
    };
    expect(await writesFor({ capacity: 100, perSecond: 400 })).toBe(2);
    expect(await writesFor({ capacity: 100, perSecond: 100 })).toBe(40);
  });

  it('gives no more than the bucket holds, whatever the clocks of replicas say', async () => {
    const clock = new SteppedClock();
    const store = new MemoryStore(() => clock.time);
    const limit = { capacity: 5, perSecond: 1 };
    let granted = 0;
    for (const offset of [-3_600_000, 0, 3_600_000, 400 * 86_400_000]) {
      const budget = new RateBudget(store);
      for (let taken = 0; taken < 5; taken += 1) {
        const take = budget.take('one', limit, { clock: clock.seenWith(offset), maxWaitMs: 0 });
        await take.then(
          () => (granted += 1),
          () => undefined,
        );
      }
    }
    expect(granted).toBe(usableCapacity(limit));
  });

  it('names the end of a wait by the clock of the process that asks', async () => {
    const clock = new SteppedClock();
    const seen = clock.seenWith(7_000);
    const budget = new RateBudget(new MemoryStore(() => clock.time));
    await budget.notBefore('one', seen.now() + 60_000, seen);
    await expect(
      budget.take('one', { capacity: 1, perSecond: 1 }, { clock: seen, maxWaitMs: 10 }),
    ).rejects.toMatchObject({
      details: { until: seen.now() + 60_000 },
    });
  });

  it('lets a caller in line leave at once when aborted, and takes no token for it', async () => {
    const clock = new SteppedClock();
    const seen = clock.seenWith(0);
    const store = new MemoryStore(() => clock.time);
    const budget = new RateBudget(store);
    const limit = { capacity: 1, perSecond: 1 };
    await budget.take('one', limit, { clock: seen });
    const leaver = new AbortController();
    const stays = budget.take('one', limit, { clock: seen });
    const leaves = budget.take('one', limit, { clock: seen, signal: leaver.signal });
    leaver.abort();
    await expect(leaves).rejects.toMatchObject({ code: 'aborted' });
    await clock.run(stays);
    expect(store.documents.get('one')!.version).toBe(2);
  });

  it('keeps credentials apart', async () => {
    const clock = new SteppedClock();
    const seen = clock.seenWith(0);
    const budget = new RateBudget(new MemoryStore(() => clock.time));
    const limit = { capacity: 1, perSecond: 0.001 };
    await budget.take('one', limit, { clock: seen });
    await budget.take('two', limit, { clock: seen, maxWaitMs: 0 });
    await expect(budget.take('one', limit, { clock: seen, maxWaitMs: 0 })).rejects.toMatchObject({
      code: 'budget-wait-too-long',
    });
  });
});
