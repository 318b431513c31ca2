import { AppError, type LeasePurpose } from '@rollcall/contracts';

import { LeaseError } from '../leases/leases.service.js';
import type { VendorSession, VendorSessions } from '../vendors/vendor-sessions.service.js';
import { waitFor, type Step, type StepEnd, type StepResult } from './step.js';

const vaultAgainMs = 10_000;

interface InSession {
  readonly purpose: LeasePurpose;
  readonly attempts: number;
  /** The end of the step when its credential cannot be used at all. */
  readonly refused: (message: string) => StepEnd;
  readonly work: (session: VendorSession) => Promise<StepResult>;
}

/** Works with a vendor under a lease. An absent vault is waited for; a refused lease ends the step. */
export async function withSession(
  sessions: VendorSessions,
  { connector, block, signal }: Step,
  { purpose, attempts, refused, work }: InSession,
): Promise<StepResult> {
  let session: VendorSession;
  try {
    session = await sessions.open({ connector, credential: block.credential, purpose, signal });
  } catch (error) {
    if (error instanceof LeaseError && error.retriable) return waitFor(vaultAgainMs, error.message, attempts);
    if (error instanceof AppError) return refused(`Nothing was sent: ${error.message}`);
    throw error;
  }
  return work(session);
}
