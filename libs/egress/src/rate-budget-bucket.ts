/** One token bucket: at most `capacity` tokens at once, `perSecond` new ones (connector manifest). */
export interface RateLimit {
  readonly capacity: number;
  readonly perSecond: number;
}

/** One document per credential (G5). Times are epoch milliseconds. */
export interface RateBudgetDocument {
  _id: string;
  tokens: number;
  /** When `tokens` was true. */
  at: number;
  /** Nobody asks before this: the vendor said so with a 429. */
  notBefore: number;
  /** Rises with every write; compared by the next one. */
  version: number;
}

/** Above this rate tokens are taken several at a time, so that the database is not asked for every request. */
export const batchAbovePerSecond = 100;

/**
 * Tokens taken by one compare-and-set. Bound: 50 ms worth of requests. That is also what a process may still send
 * after another one met a 429, and what a killed process takes with it.
 */
export function batchSize(limit: RateLimit): number {
  const { perSecond } = limit;
  if (perSecond <= batchAbovePerSecond) return 1;
  return Math.max(1, Math.min(Math.ceil(perSecond / 20), usableCapacity(limit)));
}

export type Draw =
  | { readonly kind: 'taken'; readonly tokens: number; readonly next: RateBudgetDocument }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Tokens that may be there at once: a fifth of the vendor's burst is kept back. Calls do not arrive as evenly as they are
 * sent; without a reserve, one late call and the next one on time are one too many for a vendor who counts arrivals.
 */
export function usableCapacity({ capacity }: RateLimit): number {
  return Math.max(1, Math.floor(capacity * 0.8));
}

/** A full bucket, for a credential that has none yet. */
export function fullBucket(id: string, limit: RateLimit, now: number): RateBudgetDocument {
  return { _id: id, tokens: usableCapacity(limit), at: now, notBefore: 0, version: 0 };
}

/**
 * What taking tokens at `now` gives. Clocks of replicas differ: a stored time ahead of `now` counts as no time passed,
 * so a slow clock waits a little longer and none is ever given more than the bucket holds.
 */
export function draw(bucket: RateBudgetDocument, limit: RateLimit, now: number): Draw {
  if (bucket.notBefore > now) return { kind: 'wait', until: bucket.notBefore };
  const passedMs = Math.max(0, now - bucket.at);
  const tokens = Math.min(usableCapacity(limit), bucket.tokens + (passedMs * limit.perSecond) / 1000);
  if (tokens < 1) {
    return { kind: 'wait', until: Math.max(now, bucket.at) + Math.ceil(((1 - tokens) * 1000) / limit.perSecond) };
  }
  const taken = Math.min(Math.floor(tokens), batchSize(limit));
  const at = Math.max(now, bucket.at);
  return { kind: 'taken', tokens: taken, next: { ...bucket, tokens: tokens - taken, at, version: bucket.version + 1 } };
}

/** After a 429 the bucket is empty and fills again from the moment that the vendor named. Never shortens a pause. */
export function paused(bucket: RateBudgetDocument, until: number): RateBudgetDocument {
  const notBefore = Math.max(bucket.notBefore, until);
  return { ...bucket, tokens: 0, at: Math.max(bucket.at, notBefore), notBefore, version: bucket.version + 1 };
}
