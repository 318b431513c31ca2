import { HttpException } from '@nestjs/common';
import { isDatabaseAway, PagingError } from '@rollcall/collections';
import { AppError, type Problem, type ProblemError, problemTypeOf } from '@rollcall/contracts';
import type { Request } from 'express';

import { CommandRefused } from '../commands/command-refused.js';
import { GatewayError, TooManyRequests } from '../gateway.errors.js';
import { methodsAt } from '../http/operation.js';
import { stateOf } from '../http/request-state.js';
import { statusOfCode, titleOfCode } from './problem-status.js';

/** An error as a client sees it, and whether it is no fault of the client's and must be logged. */
export interface Described {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  readonly isDefect: boolean;
}

interface Plain {
  readonly code: string;
  readonly detail: string;
  readonly status?: number;
  readonly errors?: readonly ProblemError[];
  readonly headers?: Record<string, string>;
}

/**
 * The problem document of anything thrown. Texts of errors that are not ours are never shown: a JSON parser quotes the
 * body that it could not read, which may hold a secret (N8).
 */
export function describeError(error: unknown, request: Request): Described {
  const { requestId } = stateOf(request);
  const plain = ofAppError(error) ?? ofDatabase(error) ?? ofFramework(error, request);
  const {
    code,
    detail,
    status,
    errors,
    headers = {},
  } = plain ?? {
    code: 'internal',
    status: 500,
    detail: `The gateway failed on this request. It is safe to try a read again, and a write with the same Idempotency-Key. If it stays, look in its log for request ${requestId}.`,
  };
  const problem: Problem = {
    type: problemTypeOf(code),
    title: titleOfCode(code),
    status: status ?? statusOfCode(code) ?? 500,
    code,
    detail,
    instance: request.originalUrl.split('?')[0]!,
    requestId,
    ...(errors && errors.length > 0 ? { errors: [...errors] } : {}),
  };
  return { problem, headers, isDefect: problem.status >= 500 };
}

function ofAppError(error: unknown): Plain | null {
  if (!(error instanceof AppError)) return null;
  const { code, message: detail } = error;
  const headers = headersOf(error);
  if (error instanceof PagingError && error.part !== null) {
    return { code, detail, errors: [{ pointer: `/query/${error.part}`, message: detail }], headers };
  }
  if (error instanceof GatewayError) return { code, detail, errors: error.faults, headers };
  // An owner that is newer than this gateway may refuse for a reason that has no status here yet.
  if (error instanceof CommandRefused) return { code, detail, status: statusOfCode(code) ?? 422 };
  return statusOfCode(code) === null ? null : { code, detail, headers };
}

function headersOf(error: AppError): Record<string, string> {
  if (error instanceof TooManyRequests) return { 'retry-after': String(error.retryAfterSeconds) };
  return error.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="rollcall"' } : {};
}

function ofDatabase(error: unknown): Plain | null {
  if (!isDatabaseAway(error)) return null;
  const detail =
    'MongoDB does not answer, so this could not be done. /readyz says what is wrong. It is safe to send a read again, and a write with the same Idempotency-Key.';
  return { code: 'database-unreachable', detail };
}

/** What Nest itself throws: no such route, no such method, an address that cannot be decoded. */
function ofFramework(error: unknown, request: Request): Plain | null {
  if (!(error instanceof HttpException)) return null;
  switch (error.getStatus()) {
    case 400:
      return malformed;
    case 404:
      return ofMissingRoute(request);
    default:
      return null;
  }
}

const malformed: Plain = {
  code: 'invalid-request',
  detail: 'The address of the request cannot be decoded. Nothing was done. Correct it and send it again.',
};

function ofMissingRoute(request: Request): Plain {
  const methods = methodsAt(request.path);
  if (methods.length === 0) {
    return { code: 'not-found', detail: `There is nothing at ${request.path}. /api/v1/openapi.json lists every path.` };
  }
  const allow = methods.join(', ');
  return {
    code: 'method-not-allowed',
    detail: `${request.method} is not possible here. Use ${allow}.`,
    headers: { allow },
  };
}
