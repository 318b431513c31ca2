import type { RunDocument } from '@rollcall/collections';
import { maxRetryAfterMs, VendorError } from '@rollcall/connector-kit';
import { isHopeless, isOfKafka } from '@rollcall/messaging';

/** A run that is not read within a day fails (V27). */
const deadlineMs = 24 * 60 * 60 * 1000;

/**
 * When a run goes on that the vendor told to wait longer than anybody waits in memory; null when it does not: a shorter
 * pause was waited for already, and one beyond the deadline is a failure.
 * @param now by the clock of this machine, by which the vendor's pause was reckoned
 * @param databaseNow the same moment by the database's clock, by which a run waits
 */
export function parkingOf(
  error: unknown,
  { startedAt }: Pick<RunDocument, 'startedAt'>,
  now: number,
  databaseNow: number,
): Date | null {
  if (!(error instanceof VendorError) || error.code !== 'vendor-rate-limited') return null;
  const { retryAt } = error.details;
  if (typeof retryAt !== 'number' || retryAt - now < maxRetryAfterMs / 2) return null;
  return withinDeadline(databaseNow + retryAt - now, startedAt, databaseNow);
}

/** Until START reaches Kafka again nobody is asked anything, so that trying costs little. */
const brokerPauseMs = 5_000;

/**
 * When a run is tried again that could not send what it read: Kafka is away, which is the fault neither of the run nor of
 * its holder and may last longer than three tries. Null for any other error, and for one that only a person can cure.
 */
export function brokerParkingOf(
  error: unknown,
  { startedAt }: Pick<RunDocument, 'startedAt'>,
  databaseNow: number,
): Date | null {
  if (!isOfKafka(error) || isHopeless(error)) return null;
  return withinDeadline(databaseNow + brokerPauseMs, startedAt, databaseNow);
}

function withinDeadline(until: number, startedAt: string | null, databaseNow: number): Date | null {
  const deadline = (startedAt === null ? databaseNow : Date.parse(startedAt)) + deadlineMs;
  return until < deadline ? new Date(until) : null;
}
