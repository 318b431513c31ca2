import { randomUUID } from 'node:crypto';

import type { Request } from 'express';

import { GatewayError } from '../gateway.errors.js';
import { stateOf } from './request-state.js';

const header = 'idempotency-key';

/**
 * The idempotency key of a request: of its header, or a random one that stays the same for this request (F1).
 * @throws GatewayError invalid-request
 */
export function idempotencyKeyOf(request: Request): string {
  const state = stateOf(request);
  state.idempotencyKey ??= checkedOrRandom(request.headers[header]);
  return state.idempotencyKey;
}

function checkedOrRandom(value: string | string[] | undefined): string {
  if (value === undefined) return randomUUID();
  if (typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value)) return value;
  const message = 'Idempotency-Key holds 1 to 200 visible ASCII characters without spaces, for example a UUID.';
  throw new GatewayError('invalid-request', message, [{ pointer: `/header/${header}`, message }]);
}
