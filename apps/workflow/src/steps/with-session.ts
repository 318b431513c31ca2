import { AppError, type LeasePurpose } from '@rollcall/contracts';
import { LeaseError } from '@rollcall/vendor-access';

import type { VendorPlace } from '../vendors/vendor-places.service.js';
import type { VendorSession, VendorSessions } from '../vendors/vendor-sessions.service.js';
import { LeaseLost } from '../workflow-runs/workflow-runs.service.js';
import { type Step, type StepEnd, type StepResult, waitFor } from './step.js';

const vaultAgainMs = 10_000;

interface InSession {
  readonly purpose: LeasePurpose;
  readonly place: VendorPlace;
  readonly attempts: number;
  /** The end of the step when its credential cannot be used at all. */
  readonly refused: (message: string) => StepEnd;
  readonly work: (session: VendorSession) => Promise<StepResult>;
}

/**
 * Works with a vendor under a lease. An absent vault is waited for; a refused lease ends the step.
 * @throws LeaseLost when the run went to somebody else meanwhile
 */
export async function withSession(
  sessions: VendorSessions,
  { connector, block, signal }: Step,
  { purpose, place, attempts, refused, work }: InSession,
): Promise<StepResult> {
  let session: VendorSession;
  try {
    session = await sessions.open({ connector, credential: block.credential, purpose, signal, place });
  } catch (error) {
    if (error instanceof LeaseError && error.retriable) return waitFor(vaultAgainMs, error.message, attempts);
    if (error instanceof AppError) return refused(`Nothing was sent: ${error.message}`);
    throw error;
  }
  const result = await work(session);
  // What an aborted call or read-back seems to say is not the vendor's word.
  if (signal.aborted) throw new LeaseLost();
  return result;
}
