const HOUR_MS = 3_600_000;

/**
 * `YYYY-MM-DD HH:MM:SS` in US Eastern time with daylight saving, no zone: the form and zone of LastPass reporting times.
 * Computed by the rule of 2007 (second Sunday of March to first Sunday of November, both at 2:00 local), because a formatter
 * per value is too slow for a large company.
 */
export function easternTime(ms: number): string {
  const offsetHours = isDaylightSaving(ms) ? 4 : 5;
  return new Date(ms - offsetHours * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
}

function isDaylightSaving(ms: number): boolean {
  const year = new Date(ms).getUTCFullYear();
  return ms >= sundayMs(year, 2, 2) + 7 * HOUR_MS && ms < sundayMs(year, 10, 1) + 6 * HOUR_MS;
}

/** Midnight UTC of the nth Sunday of a month (0-based). */
function sundayMs(year: number, month: number, nth: number): number {
  const firstWeekday = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - firstWeekday) % 7) + (nth - 1) * 7);
}
