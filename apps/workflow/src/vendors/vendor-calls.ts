import {
  describeVendorError,
  judgeAnswer,
  outcomeOfFailure,
  type RenderedCall,
  type UserAnswer,
  type UserReference,
  valueAt,
  VendorError,
} from '@rollcall/connector-kit';
import { AppError, type CallOutcome, type Preset } from '@rollcall/contracts';

import type { VendorSession } from './vendor-sessions.service.js';

export interface CallResult {
  readonly outcome: CallOutcome;
  readonly message: string | null;
  /** The vendor asked for a pause and did nothing: the call may be made again then. Epoch milliseconds. */
  readonly retryAt: number | null;
}

/** Makes the call of a preset once and judges the answer. Throws only what is a defect or no vendor's matter. */
export async function callVendor(session: VendorSession, preset: Preset, call: RenderedCall): Promise<CallResult> {
  const { method, path, query, headers, json } = call;
  const request = { method, path, query, headers, json };
  try {
    const answer =
      preset.effect === 'read'
        ? await session.context.http.request({ operation: 'get', ...request })
        : await session.act.request({ operation: 'action', ...request });
    return { ...judgeAnswer(preset, answer), retryAt: null };
  } catch (error) {
    return judgeFailure(error);
  }
}

function judgeFailure(error: unknown): CallResult {
  if (!(error instanceof VendorError)) throw error;
  const { retryAt } = error.details;
  return {
    outcome: wasNeverSent(error) ? 'refused' : outcomeOfFailure(error),
    message: describeVendorError(error),
    retryAt: error.code === 'vendor-rate-limited' && typeof retryAt === 'number' ? retryAt : null,
  };
}

/** Our own guard or the handshake stopped it before anything of the request left. */
function wasNeverSent(error: VendorError): boolean {
  return error.code === 'vendor-unreachable' && !error.retriable;
}

export type ReadBack =
  | { readonly ok: true; readonly answer: UserAnswer; readonly askedAt: number }
  | { readonly ok: false; readonly reason: string; readonly mayPass: boolean };

/**
 * Asks the vendor who a user is. A failure is an answer too: then nothing is known.
 * @param askedAt epoch milliseconds by the database's clock
 */
export async function readBack(session: VendorSession, reference: UserReference, askedAt: number): Promise<ReadBack> {
  try {
    return { ok: true, answer: await session.connector.getUser(session.context, reference), askedAt };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = error instanceof VendorError ? describeVendorError(error) : error.message;
    return { ok: false, reason, mayPass: error.retriable };
  }
}

/** Does the vendor show the effect of a preset? `unclear` when its answer cannot tell. */
export function effectIn(answer: UserAnswer, confirmedWhen: Preset['confirmedWhen']): 'visible' | 'absent' | 'unclear' {
  if (confirmedWhen === null) return 'unclear';
  if ('user' in confirmedWhen) return userFits(answer, confirmedWhen.user) ? 'visible' : 'absent';
  if (answer.kind === 'gone') return 'unclear';
  const value = valueAt(answer.user.raw, confirmedWhen.field);
  return String(value) === String(confirmedWhen.equals) ? 'visible' : 'absent';
}

function userFits(answer: UserAnswer, wanted: 'gone' | 'inactive' | 'present'): boolean {
  if (wanted === 'present') return answer.kind === 'found';
  if (answer.kind === 'gone') return true;
  return wanted === 'inactive' && answer.user.status === 'inactive';
}

/** What a read-back taught about the account itself, null when nothing that matters. */
export function findingIn(answer: UserAnswer): 'gone' | 'inactive' | null {
  if (answer.kind === 'gone') return 'gone';
  return answer.user.status === 'inactive' ? 'inactive' : null;
}
