import { AppError, type EgressFailure } from '@rollcall/contracts';

import { type EgressAnswer } from './ports.js';
import { VendorError, type VendorErrorCode } from './vendor-error.js';

/** Answers that a read may get over by asking again (V4). */
const passing: ReadonlySet<number> = new Set([500, 502, 503, 504]);

type FailureRule = readonly [code: VendorErrorCode, isRetriable: boolean, sentence: string];

const transport: Readonly<Record<EgressFailure, FailureRule>> = {
  'blocked-url': ['vendor-unreachable', false, 'was not called: its address is not allowed'],
  'blocked-address': ['vendor-unreachable', false, 'was not called: its name leads to an internal address'],
  'host-not-allowed': ['vendor-unreachable', false, 'was not called: its host is not on the list of allowed hosts'],
  redirected: ['vendor-redirected', false, 'redirected the request, which is never followed'],
  unreachable: ['vendor-unreachable', true, 'could not be reached, or closed the connection'],
  'tls-failed': ['vendor-unreachable', false, 'showed a certificate that cannot be trusted (TLS)'],
  timeout: ['vendor-timeout', true, 'did not answer in time'],
  'answer-cut': ['vendor-answer-cut', true, 'cut its answer off before the end'],
  'answer-too-large': ['vendor-answer-too-large', false, 'sent an answer over the size limit'],
  'answer-unreadable': ['vendor-answer-unreadable', false, 'sent an answer that is not valid UTF-8 text'],
  aborted: ['vendor-call-aborted', false, 'was not waited for: the caller stopped'],
};

/**
 * Turns what the way out threw into a named reason. The original is not kept as cause: its text may hold an address
 * with a secret in its query.
 * @returns null for anything that is not a failure of the exchange, which is a defect and thrown on.
 */
export function transportFailure(vendor: string, thrown: unknown): VendorError | null {
  if (!(thrown instanceof AppError) || !Object.hasOwn(transport, thrown.code)) return null;
  const [code, retriable, sentence] = transport[thrown.code as EgressFailure];
  return new VendorError(code, `${vendor} ${sentence}.`, { retriable, details: { egress: thrown.code } });
}

/** The reason when the vendor refuses the credential, in its status or, whatever the status, in its words (V8). */
export function credentialRefused(vendor: string, { status }: EgressAnswer): VendorError {
  return new VendorError('vendor-auth-rejected', `${vendor} refused the credential (status ${status}).`, {
    details: { status },
  });
}

/**
 * The named reason in an answer's status, null when the status leaves the judgement to the caller: 2xx, and such 4xx
 * as mean something to one call only ("not found", "conflict").
 */
export function statusFailure(vendor: string, answer: EgressAnswer): VendorError | null {
  const { status } = answer;
  const failure = (code: VendorErrorCode, retriable: boolean, sentence: string): VendorError =>
    new VendorError(code, `${vendor} ${sentence} (status ${status}).`, { retriable, details: { status } });
  if (status === 401) return credentialRefused(vendor, answer);
  if (status === 403) return failure('vendor-forbidden', false, 'knows the credential but does not allow this call');
  if (status === 429) return failure('vendor-rate-limited', true, 'asks to be called less often');
  if (status >= 300 && status < 400) {
    return failure('vendor-redirected', false, 'redirected the request, which is never followed');
  }
  if (status >= 500) return failure('vendor-unavailable', passing.has(status), 'failed to answer');
  if (status < 200) return failure('vendor-answer-unexpected', false, 'answered with a status that means nothing here');
  return null;
}
