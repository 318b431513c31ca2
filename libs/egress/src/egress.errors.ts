import { AppError, type EgressFailure } from '@rollcall/contracts';

/** `invalid-request`: a defect of the caller, no failure of the exchange. */
export type EgressErrorCode = 'invalid-request' | EgressFailure;

/** Asking again later may help; the others fail the same way every time. */
const retriable = new Set<EgressErrorCode>(['unreachable', 'timeout', 'answer-cut']);

/**
 * A request that was not made, or whose answer cannot be used. Messages and details name at most scheme, host, status
 * and a system code: never a header, a body, a query or userinfo. There is no `cause`, because errors of the layers
 * below quote their input (N8).
 */
export class EgressError extends AppError<EgressErrorCode> {
  constructor(code: EgressErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(code, message, { retriable: retriable.has(code), details });
    this.name = 'EgressError';
  }
}

const tlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;
const tooLarge = new Set(['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW']);

export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

/**
 * What went wrong below, in the words of this library.
 * @param stage `answer` once the headers of the answer are here
 */
export function egressErrorOf(error: unknown, host: string, stage: 'request' | 'answer'): EgressError {
  if (error instanceof EgressError) return error;
  const reason = systemCodeOf(error);
  const details = { host, reason };
  if (tlsCode.test(reason)) {
    const message = `The TLS connection to ${host} failed (${reason}): its certificate does not hold for this host, or it speaks no TLS. Nothing was sent. Check the host name and the certificate.`;
    return new EgressError('tls-failed', message, details);
  }
  if (tooLarge.has(reason)) return answerTooLarge(host, 'its headers are longer than allowed', details);
  if (stage === 'answer') return answerCut(host, details);
  if (error instanceof Error && error.name === 'HTTPParserError') {
    const message = `${host} answered with something that is not HTTP/1.1. Check the base URL.`;
    return new EgressError('answer-unreadable', message, details);
  }
  const message = `${host} cannot be reached (${reason}). Check the address and the network, then try again.`;
  return new EgressError('unreachable', message, details);
}

export function answerCut(host: string, details: Record<string, unknown>): EgressError {
  const message = `The answer of ${host} ended before it was complete and was thrown away. Try again; if it stays so, ask the vendor.`;
  return new EgressError('answer-cut', message, { host, ...details });
}

export function answerTooLarge(host: string, why: string, details: Record<string, unknown> = {}): EgressError {
  const message = `The answer of ${host} was refused: ${why}. Ask for smaller pages, or raise the limit of this request.`;
  return new EgressError('answer-too-large', message, { host, ...details });
}

export function answerUnreadable(host: string, why: string): EgressError {
  const message = `The answer of ${host} cannot be read: ${why}. Nothing of it was used; ask the vendor if it stays so.`;
  return new EgressError('answer-unreadable', message, { host });
}

export function blockedAddress(host: string): EgressError {
  const message = `${host} leads to an address that is not public, so nothing was sent. Use the public name of the service.`;
  return new EgressError('blocked-address', message, { host });
}
