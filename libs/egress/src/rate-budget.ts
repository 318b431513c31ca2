import { setTimeout as delay } from 'node:timers/promises';

import { AppError } from '@rollcall/contracts';

import { draw, paused, type RateLimit, usableCapacity } from './rate-budget-bucket.js';
import type { RateBudgetStore } from './rate-budget-store.js';

export interface RateClock {
  /** Epoch milliseconds, only to read and write the moments that callers name. */
  now(): number;
  /** Milliseconds that never step, for waiting. */
  elapsed(): number;
  /** Resolves after `ms`, rejects when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemRateClock: RateClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

export type RateBudgetErrorCode = 'budget-wait-too-long' | 'aborted';

/** `budget-wait-too-long`: `details.until` (epoch milliseconds) is when a token may be there. Retriable. */
export class RateBudgetError extends AppError<RateBudgetErrorCode> {}

export interface TakeOptions {
  readonly signal?: AbortSignal;
  readonly clock?: RateClock;
  /** Instead of waiting longer than this, fail at once, so that a run can be parked (V1). Default: waits. */
  readonly maxWaitMs?: number;
  /** The same for a single pause: a vendor that asks for a long one is waited for elsewhere. */
  readonly maxPauseMs?: number;
  /** Told of every pause before it is waited for, in milliseconds. */
  readonly onPause?: (ms: number) => void;
}

/** Tokens taken in a batch and not used for this long are dropped: the vendor may have said no meanwhile. */
export const batchLifeMs = 100;
/** Longest pause between looks at the document, so that a pause lifted or a bucket replaced is noticed. */
const longestSleepMs = 30_000;
/** Spread, so that replicas that met at the document do not meet again. */
const conflictPauseMs = (): number => 1 + Math.random() * 10;

interface Batch {
  tokens: number;
  readonly until: number;
}

/**
 * The rate budget of credentials, shared by all runs and workflows of all replicas (G5). Callers of one process stand
 * in line per credential, so that only one of them competes for the document.
 */
export class RateBudget {
  private readonly lines = new Map<string, Promise<void>>();
  private readonly batches = new Map<string, Batch>();

  constructor(private readonly store: RateBudgetStore) {}

  /**
   * Waits until one token was taken for one request.
   * @throws RateBudgetError
   */
  async take(credentialId: string, limit: RateLimit, options: TakeOptions = {}): Promise<void> {
    const before = this.lines.get(credentialId) ?? Promise.resolve();
    const turn = before.then(() => this.takeInTurn(credentialId, limit, options));
    const line = turn.catch(() => undefined);
    this.lines.set(credentialId, line);
    void line.then(() => {
      if (this.lines.get(credentialId) === line) this.lines.delete(credentialId);
    });
    return orAborted(turn, options.signal);
  }

  /** Lets nobody ask before `until` (epoch milliseconds); told by a 429. Never shortens an earlier pause. */
  async notBefore(credentialId: string, until: number, clock: RateClock = systemRateClock): Promise<void> {
    this.batches.delete(credentialId);
    const pauseMs = until - clock.now();
    for (;;) {
      const found = await this.store.look(credentialId);
      if (found === null) {
        await this.store.create(credentialId, 0);
        continue;
      }
      const { bucket, now } = found;
      if (await this.store.replace(bucket.version, paused(bucket, now + pauseMs, now))) return;
      await clock.sleep(conflictPauseMs());
    }
  }

  private async takeInTurn(credentialId: string, limit: RateLimit, options: TakeOptions): Promise<void> {
    const { signal, clock = systemRateClock, onPause } = options;
    const startedAt = clock.elapsed();
    for (;;) {
      if (signal?.aborted) throw aborted();
      if (this.takeFromBatch(credentialId, clock.elapsed())) return;
      const pauseMs = await this.tryToTake(credentialId, limit, clock);
      if (pauseMs === null) return;
      if (isTooLong(options, pauseMs, clock.elapsed() - startedAt)) throw waitTooLong(clock.now() + pauseMs);
      onPause?.(pauseMs);
      await clock.sleep(Math.min(pauseMs, longestSleepMs), signal);
    }
  }

  /** One look and one compare-and-set: null when a token was taken, else after how many milliseconds to try again. */
  private async tryToTake(credentialId: string, limit: RateLimit, clock: RateClock): Promise<number | null> {
    const found = await this.store.look(credentialId);
    if (found === null) {
      await this.store.create(credentialId, usableCapacity(limit));
      return this.tryToTake(credentialId, limit, clock);
    }
    const { bucket, now } = found;
    const drawn = draw(bucket, limit, now);
    if (drawn.kind === 'wait') return drawn.until - now;
    if (drawn.kind === 'distrusted') {
      await this.store.replace(bucket.version, drawn.next);
      return this.tryToTake(credentialId, limit, clock);
    }
    if (!(await this.store.replace(bucket.version, drawn.next))) return conflictPauseMs();
    if (drawn.tokens > 1) {
      this.batches.set(credentialId, { tokens: drawn.tokens - 1, until: clock.elapsed() + batchLifeMs });
    }
    return null;
  }

  private takeFromBatch(credentialId: string, now: number): boolean {
    const batch = this.batches.get(credentialId);
    if (!batch) return false;
    if (batch.tokens < 1 || now > batch.until) {
      this.batches.delete(credentialId);
      return false;
    }
    batch.tokens -= 1;
    return true;
  }
}

function isTooLong({ maxPauseMs, maxWaitMs }: TakeOptions, pauseMs: number, waitedMs: number): boolean {
  return pauseMs > (maxPauseMs ?? Infinity) || waitedMs + pauseMs > (maxWaitMs ?? Infinity);
}

/** Who is aborted while standing in line leaves at once; their turn finds the aborted signal and takes nothing. */
async function orAborted(turn: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return turn;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(aborted());
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    await Promise.race([turn, left]);
  } catch (error) {
    throw signal.aborted ? aborted() : error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function aborted(): RateBudgetError {
  return new RateBudgetError('aborted', 'Waiting for the rate budget was ended by the caller.');
}

function waitTooLong(until: number): RateBudgetError {
  const message = `The vendor's rate budget has no room before ${new Date(until).toISOString()}. Try again then.`;
  return new RateBudgetError('budget-wait-too-long', message, { retriable: true, details: { until } });
}
