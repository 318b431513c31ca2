export interface TokenBucketsOptions {
  /** Requests that an id may make in a minute, evenly or all at once. */
  readonly perMinute: number;
  /** Most ids that are remembered; the one unused longest is forgotten first, and begins anew. */
  readonly mostIds?: number;
  /** Milliseconds of a clock that never steps. */
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const minuteMs = 60_000;

/**
 * A token bucket per id: full at first, refilled evenly. In the memory of one process and bounded, because whoever
 * sends requests with ever new addresses must not fill it. `@nestjs/throttler` counts in a guard, behind the parsers and
 * the look-up of keys, cannot give back, and bounds its memory by time only.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly mostIds: number;
  private readonly now: () => number;

  constructor(private readonly options: TokenBucketsOptions) {
    this.mostIds = options.mostIds ?? 10_000;
    this.now = options.now ?? (() => performance.now());
  }

  /** Takes a token. @returns 0, or milliseconds until there is one; nothing was taken then */
  take(id: string): number {
    const bucket = this.refilled(id);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * minuteMs) / this.options.perMinute);
    bucket.tokens -= 1;
    return 0;
  }

  /** Puts back what was taken for a request that turned out not to count. */
  giveBack(id: string): void {
    const bucket = this.refilled(id);
    bucket.tokens = Math.min(this.options.perMinute, bucket.tokens + 1);
  }

  private refilled(id: string): Bucket {
    const { perMinute } = this.options;
    const now = this.now();
    const bucket = this.buckets.get(id) ?? { tokens: perMinute, at: now };
    bucket.tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) * perMinute) / minuteMs);
    bucket.at = now;
    this.buckets.delete(id);
    this.buckets.set(id, bucket);
    if (this.buckets.size > this.mostIds) this.buckets.delete(this.buckets.keys().next().value!);
    return bucket;
  }
}
