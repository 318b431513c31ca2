import type { Limit } from '@rollcall/contracts';
import type { Request } from 'express';

import type { Caller } from './operation.js';

/** What the gateway knows about a request beside its bytes. */
export interface RequestState {
  readonly requestId: string;
  idempotencyKey?: string;
  /** Network that it counted against as long as its key is not known to be valid. */
  strangerOf?: string | undefined;
  /** What the caller may see of what is asked for; absent: everything. */
  within?: Limit;
  /** Actor of whoever was signed in by this request. */
  signedIn?: string | null;
  /** Audit document of a write, once it is written. */
  audit?: string;
}

const states = new WeakMap<object, RequestState>();

export function startRequest(request: Request, requestId: string): void {
  states.set(request, { requestId });
}

export function stateOf(request: Request): RequestState {
  const state = states.get(request);
  if (!state) throw new Error('the request did not pass the gateway HTTP set-up');
  return state;
}

/** Set by the guard; null before it and on open routes. */
export function callerOf(request: Request): Caller | null {
  return (request.user as Caller | undefined) ?? null;
}
