import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `probe` returns something other than null, undefined or false. Throws after `timeoutMs` with `what` and
 * the last error, so that a failed test says what it waited for.
 */
export async function waitFor<Result>(
  what: string,
  probe: () => Promise<Result | null | undefined | false> | Result | null | undefined | false,
  timeoutMs = 30_000,
): Promise<Result> {
  const until = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < until) {
    try {
      const result = await probe();
      if (result !== null && result !== undefined && result !== false) return result;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`waited ${timeoutMs} ms for: ${what}`, { cause: last });
}
