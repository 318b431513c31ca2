import { z } from 'zod';

/**
 * Names what mapping's database held without a break: a restored database begins another one. Nine characters of time and
 * three of chance, in base 36: a later epoch is the greater text.
 */
export const recordEpochSchema = z.string().regex(/^[0-9a-z]{12}$/);

const timeLength = 9;
const largestChance = 36 ** 3;

/**
 * @param now epoch milliseconds of the database's clock
 * @param chance at least 0 and less than 1
 * @param after an epoch that it must be greater than, or null
 */
export function recordEpochAt(now: number, chance: number, after: string | null): string {
  const last = after === null ? -1 : Number.parseInt(after.slice(0, timeLength), 36);
  const time = Math.max(Math.floor(now), last + 1);
  const random = Math.floor(chance * largestChance);
  return `${time.toString(36).padStart(timeLength, '0')}${random.toString(36).padStart(3, '0')}`;
}

const place = /^((?:[a-z-]+\/)?(?:p\d+(?:e\d+)?|c))-([0-9a-z]{12})(?=\/)/;

/** The epoch that a change or the id of its event belongs to; null for one from before there were epochs. */
export function epochOf(id: string): string | null {
  return place.exec(id)?.[2] ?? null;
}

/** The same without its epoch: where in raw-records, or by which command, whatever was restored meanwhile. */
export function withoutEpoch(id: string): string {
  return id.replace(place, '$1');
}
