import { AppError } from './app-error.js';

/**
 * Refuses a change that was made to another version than the stored one, which somebody else changed meanwhile: `If-Match`
 * in the API, answered with 412.
 * @param wanted version that the change was made to; null where the client names none
 * @param what it is, in words
 * @throws AppError version-conflict
 */
export function refuseOtherVersion(wanted: number | null, stored: number, what: string): void {
  if (wanted === null || wanted === stored) return;
  throw new AppError(
    'version-conflict',
    `Somebody else changed ${what} in the meantime (version ${stored}, yours is ${wanted}), so nothing was saved. Look at it again, then repeat your change.`,
    { details: { expected: wanted, actual: stored } },
  );
}
