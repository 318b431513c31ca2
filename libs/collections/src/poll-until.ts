import { setTimeout as sleep } from 'node:timers/promises';

type Look<Found> = () => Promise<Found | null>;

/**
 * Looks again and again until something is there: after the first of `pausesMs`, then after the next, the last of which
 * repeats. A first pause of 0 looks at once.
 * @returns what was found, or null when nothing was within `patienceMs`; without a limit it looks on until `look` throws
 */
export function pollUntil<Found>(look: Look<Found>, pausesMs: readonly number[]): Promise<Found>;
export function pollUntil<Found>(
  look: Look<Found>,
  pausesMs: readonly number[],
  patienceMs: number,
): Promise<Found | null>;
export async function pollUntil<Found>(
  look: Look<Found>,
  pausesMs: readonly number[],
  patienceMs = Infinity,
): Promise<Found | null> {
  const until = performance.now() + patienceMs;
  for (let pause = 0; performance.now() < until; pause += 1) {
    await sleep(pausesMs[Math.min(pause, pausesMs.length - 1)]);
    const found = await look();
    if (found !== null) return found;
  }
  return null;
}
