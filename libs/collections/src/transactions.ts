import { type ClientSession, MongoError, type TransactionOptions } from 'mongodb';

import type { Databases } from './databases.js';

/** A transaction under way, as services hand it around; they need not know the driver. */
export type { ClientSession } from 'mongodb';

/** The deadline of a command is checked inside its transaction, which may last this long at most (F2). */
export const transactionLimitMs = 60_000;

const options: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', j: true },
  readPreference: 'primary',
  maxCommitTimeMS: transactionLimitMs,
};

/**
 * Runs `work` in one transaction and retries it while the server says that this is safe. `work` may run several times,
 * so it must not touch anything outside the session.
 */
export async function inTransaction<Result>(
  databases: Databases,
  work: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  return databases.client.withSession((session) => session.withTransaction(() => work(session), options));
}

/**
 * One attempt without retries, for the hot path, which recomputes what it writes before it tries again (B14). The
 * commit itself is repeated while its outcome is unknown, as the server allows; if it stays unknown the error carries
 * the label and the caller asks the position (B15).
 */
export async function attemptTransaction(
  databases: Databases,
  work: (session: ClientSession) => Promise<void>,
): Promise<void> {
  await databases.client.withSession(async (session) => {
    session.startTransaction(options);
    try {
      await work(session);
    } catch (error) {
      await session.abortTransaction();
      throw error;
    }
    await commit(session);
  });
}

async function commit(session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!isOutcomeUnknown(error) || attempt >= 5) throw error;
    }
  }
}

const WRITE_CONFLICT = 112;

/** Another transaction touched the same documents, or the server asks to start over. Nothing was written. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof MongoError && (error.hasErrorLabel('TransientTransactionError') || error.code === WRITE_CONFLICT)
  );
}

/** The reply to a commit was lost: it may have happened. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult');
}
