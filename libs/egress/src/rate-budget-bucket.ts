/** One token bucket: at most `capacity` tokens at once, `perSecond` new ones (connector manifest). */
export interface RateLimit {
  readonly capacity: number;
  readonly perSecond: number;
}

/** One document per credential (G5). Times are epoch milliseconds of the database's clock. */
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

/** Longest pause that is kept: a day. A run that is not read within a day fails anyway. */
export const longestPauseMs = 24 * 60 * 60 * 1000;

export type Draw =
  /** The bucket says what cannot be; `next` is to be stored in its place before anything is drawn. */
  | { readonly kind: 'distrusted'; readonly next: RateBudgetDocument }
  | { readonly kind: 'taken'; readonly tokens: number; readonly next: RateBudgetDocument }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Tokens that may be there at once: a fifth of the vendor's burst is kept back. Calls do not arrive as evenly as they are
 * sent; without a reserve, one late call and the next one on time are one too many for a vendor who counts arrivals.
 */
export function usableCapacity({ capacity }: RateLimit): number {
  return Math.max(1, Math.floor(capacity * 0.8));
}

/**
 * What a clock that was wrong once leaves behind: a bucket filled at a time that has not come, or a pause longer than any
 * vendor's is kept. Believing either would stop every call of the credential until then.
 */
function trusted(bucket: RateBudgetDocument, now: number): RateBudgetDocument {
  const at = Math.min(bucket.at, Math.max(now, bucket.notBefore));
  if (bucket.notBefore <= now + longestPauseMs) return { ...bucket, at };
  return { ...bucket, at: Math.min(at, now), notBefore: 0 };
}

/** What taking tokens at `now` gives. */
export function draw(bucket: RateBudgetDocument, limit: RateLimit, now: number): Draw {
  const { at: trustedAt, notBefore } = trusted(bucket, now);
  if (trustedAt !== bucket.at || notBefore !== bucket.notBefore) {
    return { kind: 'distrusted', next: { ...bucket, at: trustedAt, notBefore, version: bucket.version + 1 } };
  }
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
export function paused(stored: RateBudgetDocument, until: number, now: number): RateBudgetDocument {
  const bucket = trusted(stored, now);
  const notBefore = Math.max(bucket.notBefore, Math.min(until, now + longestPauseMs));
  return { ...bucket, tokens: 0, at: Math.max(bucket.at, notBefore), notBefore, version: bucket.version + 1 };
}
