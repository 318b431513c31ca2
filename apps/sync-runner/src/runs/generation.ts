import type { RunState } from '@rollcall/contracts';

/** Max(last + 1, now by the database's clock) per integration, so that it rises even if that clock steps back (A5). */
export function nextGeneration(last: number, nowMs: number): number {
  return Math.max(last + 1, nowMs);
}

/** Before END a new holder starts again at page one; every step after it is idempotent and keeps the generation (A12). */
export function startsAgain(state: RunState): boolean {
  return state === 'planned' || state === 'reading';
}

/** Lost holders after which a run gives up (A5). */
export const mostLostHolders = 3;

/** Refetches because totals moved, which do not count as lost holders (A5). */
export const mostRefetches = 2;
