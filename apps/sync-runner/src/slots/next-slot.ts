import { createHash } from 'node:crypto';

import type { IntegrationDocument } from '@rollcall/collections';
import { AppError, isTimeZone, type Schedule } from '@rollcall/contracts';
import { CronExpressionParser } from 'cron-parser';

import { longestQuarantineMs } from './quarantine.js';

/** Default runs start between midnight and six, spread over these minutes (R54, architecture 10). */
const nightMinutes = 6 * 60;

/**
 * The first slot strictly after `after`, in UTC. `H` in the text stands for a number that depends on the integration, so
 * that it is the same at each look. On the day that skips an hour a slot in it comes an hour later; on
 * the day that has an hour twice it comes once, in the first.
 * @throws AppError `invalid-schedule` for a text that names no time
 */
export function nextSlot(schedule: Schedule, after: Date, integration: string): Date {
  checkFields(schedule.cron);
  checkZone(schedule.zone);
  try {
    const options = { tz: schedule.zone, currentDate: after, hashSeed: integration };
    return CronExpressionParser.parse(schedule.cron, options).next().toDate();
  } catch (error) {
    throw invalid(`"${schedule.cron}" names no time: ${error instanceof Error ? error.message : 'unreadable'}.`);
  }
}

/** The latest moment at which an integration may have its next slot: by its schedule, or by its quarantine. */
export function latestSlot(
  { _id, schedule, quarantine }: Pick<IntegrationDocument, '_id' | 'schedule' | 'quarantine'>,
  now: Date,
): Date {
  if (quarantine === null) return nextSlot(schedule, now, _id);
  const retryAt = Math.min(Date.parse(quarantine.retryAt), now.getTime() + longestQuarantineMs);
  // A slot at the very moment counts.
  return nextSlot(schedule, new Date(Math.max(now.getTime(), retryAt - 1)), _id);
}

/** Daily, at a time of night that depends on the integration, so that many integrations do not start at once. */
export function defaultSchedule(integration: string): Schedule {
  const minute = createHash('sha256').update(integration).digest().readUInt32BE(0) % nightMinutes;
  return { cron: `${minute % 60} ${Math.floor(minute / 60)} * * *`, zone: 'UTC' };
}

/** A sixth field would mean seconds, which nobody wants of a vendor. */
function checkFields(cron: string): void {
  if (cron.trim().split(/\s+/).length !== 5) {
    throw invalid(`"${cron}" must have five fields: minute, hour, day of month, month, day of week.`);
  }
}

function checkZone(zone: string): void {
  if (!isTimeZone(zone)) throw invalid(`"${zone}" is not a time zone. Use a name like Europe/Berlin, or UTC.`);
}

function invalid(what: string): AppError<'invalid-schedule'> {
  return new AppError(
    'invalid-schedule',
    `The schedule cannot be used: ${what} Example: "30 2 * * *" in Europe/Berlin.`,
  );
}
