/** Tries before a mail is given up. */
export const mostAttempts = 10;

const minute = 60_000;
const longestPauseMs = 120 * minute;

/**
 * Milliseconds until the next try after `attempts` failed ones: a minute, doubled each time up to two hours, so that
 * all tries together outlast a mail server that is away for six hours (P47).
 */
export function pauseAfter(attempts: number): number {
  return Math.min(minute * 2 ** (attempts - 1), longestPauseMs);
}
