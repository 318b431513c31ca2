import type { ProblemError } from '@rollcall/contracts';
import type { Request } from 'express';
import type { z } from 'zod';

import { GatewayError } from '../gateway.errors.js';
import { clientOf } from './client.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { depthExceeds, unknownKeys, unstorableTexts } from './json-limits.js';
import { pointerStep } from './json-pointer.js';
import type { CallContext, OperationDefinition } from './operation.js';
import { hasBody } from './read-body.js';
import { callerOf, stateOf } from './request-state.js';

/** Deepest nesting of a body (P33). */
export const deepestBody = 32;

/** Most faults told at once: enough to work with, and an answer never grows with the request (P33). */
const mostFaults = 50;

const unknownName = 'is not known here';
const unstorable = 'holds half a character (a lone surrogate) or NUL, which no text may; remove it';

type Place = 'path' | 'query' | 'body';

/**
 * Parses everything that a request says, once, at the border. Unknown names are refused at every depth, so that a typing
 * error is not taken for "leave it as it is" and no field gets in that the operation does not have.
 * @throws GatewayError invalid-request, unsupported-media-type, precondition-required
 */
export function readCall(operation: OperationDefinition, request: Request): CallContext & Record<string, unknown> {
  const caller = callerOf(request);
  if (!caller) throw new Error(`${operation.id} was reached without a caller`);
  const faults: ProblemError[] = [];
  const params = read('path', operation.params, request.params, faults);
  const query = read('query', operation.query, request.query, faults);
  const body = readBody(operation, request, faults);
  if (faults.length > 0) {
    const message = `The request has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing was done. Correct what "errors" lists and send it again.`;
    throw new GatewayError('invalid-request', message, faults);
  }
  return {
    params,
    query,
    body,
    caller,
    client: clientOf(request),
    within: stateOf(request).within ?? null,
    requestId: stateOf(request).requestId,
    idempotencyKey: idempotencyKeyOf(request),
    ifVersion: ifVersionOf(operation, request),
  };
}

function readBody(operation: OperationDefinition, request: Request, faults: ProblemError[]): unknown {
  const isSent = hasBody(request);
  if (isSent && !request.is('application/json')) {
    throw new GatewayError(
      'unsupported-media-type',
      'The body is not JSON. Send it with Content-Type: application/json.',
    );
  }
  const body: unknown = isSent ? request.body : {};
  if (depthExceeds(body, deepestBody)) {
    faults.push({ pointer: '', message: `the body is nested deeper than ${deepestBody} levels` });
    return undefined;
  }
  return read('body', operation.body, body, faults);
}

function read(place: Place, schema: z.ZodType | undefined, given: unknown, faults: ProblemError[]): unknown {
  const prefix = place === 'body' ? '' : `/${place}`;
  if (!schema) {
    const names = Object.keys((given ?? {}) as object).slice(0, mostFaults);
    faults.push(...names.map((name) => ({ pointer: pointerOf(prefix, [name]), message: unknownName })));
    return undefined;
  }
  const texts = unstorableTexts(given, mostFaults);
  if (texts.length > 0) {
    faults.push(...texts.map((path) => ({ pointer: pointerOf(prefix, path), message: unstorable })));
    return undefined;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    // Issues of zod name types and paths, never the value that was given.
    const issues = parsed.error.issues.slice(0, mostFaults);
    faults.push(...issues.map(({ path, message }) => ({ pointer: pointerOf(prefix, path), message })));
    return undefined;
  }
  const unknown = unknownKeys(given, parsed.data).slice(0, mostFaults);
  faults.push(...unknown.map((path) => ({ pointer: pointerOf(prefix, path), message: unknownName })));
  return parsed.data;
}

function pointerOf(prefix: string, path: readonly PropertyKey[]): string {
  return prefix + path.map(pointerStep).join('');
}

function ifVersionOf({ ifMatch }: OperationDefinition, request: Request): number | null {
  if (!ifMatch) return null;
  const header = request.headers['if-match'];
  if (header === undefined) {
    throw new GatewayError(
      'precondition-required',
      'This change needs the header If-Match with the ETag of what it is based on, so that nobody overwrites the work of another. Read the record, then send its ETag.',
    );
  }
  if (header === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  const message = 'If-Match holds one ETag as this API gives it, for example "3", or *.';
  throw new GatewayError('invalid-request', message, [{ pointer: '/header/if-match', message }]);
}
