/** Longest wait that a `Retry-After` can ask for while the caller stays in memory; more parks the run (V1). */
export const maxRetryAfterMs = 15 * 60_000;

const secondsForm = /^\d{1,9}(?:\.\d{1,6})?$/;
/** The three date forms of RFC 9110 5.6.7 all begin with the day's name; `Date.parse` alone would accept "-1". */
const dateForm = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * Reads `Retry-After`: seconds, decimals included (Graph's own sample has them), or an HTTP date.
 * @returns milliseconds from `nowMs`, rounded up; null when there is none, it is garbage, or it lies in the past.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  const wait = secondsForm.test(text)
    ? Math.ceil(Number(text) * 1000)
    : dateForm.test(text)
      ? Math.ceil(Date.parse(text) - nowMs)
      : Number.NaN;
  return wait > 0 ? wait : null;
}

/** Full jitter: uniform between 0 and min(cap, base · 2^attempt) milliseconds; `attempt` counts from 0. */
export function backoffMs(attempt: number, random: number, baseMs = 1000, capMs = 60_000): number {
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** attempt));
}
