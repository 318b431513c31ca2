import type { VendorContext } from './vendor.js';

type Context = Pick<VendorContext<unknown>, 'now' | 'random' | 'tokenLifeSeconds'>;

/** What is wrong with an Authorization header. */
export type TokenProblem = 'missing' | 'unknown' | 'expired';

/** The access tokens given out. Many are valid at once, each to its own end. */
export class AccessTokens {
  private readonly endsAtMs = new Map<string, number>();

  constructor(private readonly context: Context) {}

  issue(): { readonly token: string; readonly lifeSeconds: number } {
    const nowMs = this.context.now();
    for (const [token, endMs] of this.endsAtMs) if (endMs + DAY_MS < nowMs) this.endsAtMs.delete(token);
    const token = `test-access-token-${this.context.random.hex(32)}`;
    const lifeSeconds = this.context.tokenLifeSeconds();
    this.endsAtMs.set(token, nowMs + lifeSeconds * 1000);
    return { token, lifeSeconds };
  }

  /** What is wrong with an Authorization header; null: nothing. */
  problem(authorization: string | undefined): TokenProblem | null {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'missing';
    const endMs = this.endsAtMs.get(token);
    if (endMs === undefined) return 'unknown';
    return endMs <= this.context.now() ? 'expired' : null;
  }
}

/** Ended tokens are remembered for a while, so that they are called expired and not unknown. */
const DAY_MS = 86_400_000;
