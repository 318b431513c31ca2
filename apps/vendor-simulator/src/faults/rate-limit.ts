import type { RateLimit } from '../vendors/vendor.js';

/** A token bucket over a monotonic clock in milliseconds. */
export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  constructor(
    private readonly limit: RateLimit,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.tokens = limit.burst;
    this.filledAtMs = nowMs();
  }

  /** 0: taken; else over the limit, and so many milliseconds until there is a token. */
  take(): number {
    const now = this.nowMs();
    this.tokens = Math.min(this.limit.burst, this.tokens + ((now - this.filledAtMs) / 1000) * this.limit.perSecond);
    this.filledAtMs = now;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.limit.perSecond) * 1000);
    this.tokens -= 1;
    return 0;
  }
}
