import type { IntegrationDocument } from '@rollcall/collections';

type ActiveByDay = IntegrationDocument['activeByDay'];

/** One more day than a week, so that there is always an entry from before it. */
const mostDays = 9;

/** The first run of each UTC day, newest last. Days before the first accounts say nothing. */
export function withActive(days: ActiveByDay, at: Date, active: number): ActiveByDay {
  const last = days.at(-1);
  if (active === 0 && days.length === 0) return [];
  if (last !== undefined && dayOf(last.at) === dayOf(at)) return [...days];
  return [...days, { at, active }].slice(-mostDays);
}

/** Active accounts at that time: the newest entry before it, else the oldest there is; null without any. */
export function activeBefore(days: ActiveByDay, time: Date): number | null {
  const before = days.filter(({ at }) => at <= time).at(-1);
  return (before ?? days[0])?.active ?? null;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
