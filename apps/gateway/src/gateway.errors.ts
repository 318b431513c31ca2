import { AppError, type ProblemError } from '@rollcall/contracts';

/** Everything that the gateway itself refuses, before or without asking an owner. */
export const gatewayErrorCodes = [
  'invalid-request',
  'malformed-body',
  'body-too-large',
  'unsupported-media-type',
  'precondition-required',
  'unauthenticated',
  'sign-in-refused',
  'refresh-token-reused',
  'csrf-token-missing',
  'link-not-valid',
  'administrator-exists',
  'last-administrator',
  'operator-disabled',
  'no-password',
  'session-needed',
  'too-many-keys',
  'mail-not-available',
  'provider-unavailable',
  'single-sign-on-off',
  'version-conflict',
  'missing-scope',
  'not-found',
  'method-not-allowed',
  'name-taken',
  'key-shown-once',
  'too-many-requests',
  'outcome-unknown',
  'database-unreachable',
] as const;
export type GatewayErrorCode = (typeof gatewayErrorCodes)[number];

export class GatewayError extends AppError<GatewayErrorCode> {
  /** Single faults of the request, for the problem document. */
  readonly faults: readonly ProblemError[];

  constructor(code: GatewayErrorCode, message: string, faults: readonly ProblemError[] = [], cause?: unknown) {
    super(code, message, { cause });
    this.name = 'GatewayError';
    this.faults = faults;
  }
}

/** Somebody used up their budget of requests. */
export class TooManyRequests extends GatewayError {
  constructor(
    message: string,
    /** Goes out as `Retry-After`. */
    readonly retryAfterSeconds: number,
  ) {
    super('too-many-requests', message);
    this.name = 'TooManyRequests';
  }
}

/** @param what the thing in words, `integration 4711` */
export function notFound(what: string): GatewayError {
  return new GatewayError(
    'not-found',
    `There is no ${what}. It may have been removed; check the id, or ask for the list.`,
  );
}

/** The value that a query found. @throws GatewayError not-found when it found none */
export function found<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw notFound(what);
  return value;
}
