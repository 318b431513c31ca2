import type { RecordsSlice } from './slice.js';

/** Why records are not taken: of an older generation or a closed one, before their START, of another run. */
export type Obstacle = 'fenced' | 'unknown' | 'foreign';

export function obstacleTo(
  slice: RecordsSlice,
  reading: { generation: number; run: string; state: string } | null,
): Obstacle | null {
  if (reading === null || reading.generation < slice.generation) return 'unknown';
  if (reading.generation > slice.generation) return 'fenced';
  if (reading.run !== slice.run) return 'foreign';
  return reading.state === 'open' ? null : 'fenced';
}
