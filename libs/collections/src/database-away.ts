import { MongoError } from 'mongodb';

const awayNames = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoOperationTimeoutError',
  'MongoPoolClearedError',
]);

/** The server answers, and cannot serve at the moment: it starts, stops, or votes. */
const passingCodes = new Set([6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Whether the database cannot be reached, or cannot serve yet, and waiting may cure it. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  return awayNames.has(error.name) || (typeof error.code === 'number' && passingCodes.has(error.code));
}
