import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { FaultPlans } from '../faults/fault-plans.js';
import { type Environment, type Outcome, perform, rateLimited, send } from '../faults/perform.js';
import { TokenBucket } from '../faults/rate-limit.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Call, RateLimit, VendorRequest } from '../vendors/vendor.js';
import { readBody } from './read-body.js';

export interface Settings {
  /** Pause before every reply, milliseconds. */
  latencyMs: number;
  /** `vendor`: the one that the vendor documents; null: none. */
  rateLimit: RateLimit | 'vendor' | null;
  /** Life of access tokens that are given out from now on. */
  tokenLifeSeconds: number;
}

export interface VendorServerParts extends Environment {
  readonly vendor: string;
  readonly ownLimit: RateLimit | null;
  readonly ledger: Ledger;
  readonly faults: FaultPlans;
  readonly settings: Readonly<Settings>;
}

/** Serves one vendor: understand, count, let faults and limits act, write the ledger, reply. */
export function vendorListener(parts: VendorServerParts): RequestListener {
  const takeToken = limiter(parts);
  return (request, response) => {
    serve(parts, takeToken, request, response).catch((error: unknown) => {
      // The caller went away while sending its body, or the simulator is wrong: either way there is nobody else to tell.
      if (!request.complete) return;
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`simulator error: ${String(error)}`);
    });
  };
}

async function serve(
  parts: VendorServerParts,
  takeToken: () => number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { vendor, ledger, faults, settings } = parts;
  const time = new Date();
  const read = await readRequest(request);
  const call = parts.api.understand(read);
  const arrived = { time, number: ledger.nextRequest(), attempt: ledger.attempt(attemptKey(vendor, read, call)) };
  const fault = faults.take(vendor, call);
  const waitMs = settings.latencyMs + (fault?.kind === 'delay' ? fault.ms : 0);
  if (waitMs > 0) await pause(waitMs);
  const overLimitMs = fault === null ? takeToken() : 0;
  const isOverLimit = overLimitMs > 0;
  const outcome = isOverLimit
    ? send(parts.api.overLimit?.(overLimitMs) ?? rateLimited(parts.api))
    : perform(call, fault, parts);
  record(parts, arrived, read, call, outcome, fault?.kind ?? (isOverLimit ? 'over-rate-limit' : undefined));
  conclude(outcome, request, response);
}

interface Arrived {
  readonly time: Date;
  readonly number: number;
  readonly attempt: number;
}

/** Effects, then the request; effects are in the file when this returns. */
function record(
  { vendor, ledger }: VendorServerParts,
  { time, number, attempt }: Arrived,
  { method, path }: VendorRequest,
  call: Call,
  outcome: Outcome,
  fault: string | undefined,
): void {
  const effects = outcome.kind === 'hang' ? [] : (outcome.reply?.effects ?? []);
  for (const effect of effects) ledger.append({ kind: 'effect', request: number, vendor, ...effect });
  const { operation, command, page, target, authOk, safeQuery } = call;
  const sent = outcome.kind === 'send' ? outcome : null;
  ledger.append(
    {
      kind: 'request',
      request: number,
      vendor,
      method,
      path: path.slice(0, 300) + safeQuery,
      operation,
      command,
      page,
      target,
      attempt,
      authOk,
      status: sent ? sent.reply.status : 0,
      bytes: sent ? sent.body.length : 0,
      fault,
    },
    time,
  );
  if (effects.length > 0) ledger.flush();
}

async function readRequest(request: IncomingMessage): Promise<VendorRequest> {
  // Joined and not resolved: two slashes at the beginning would be read as a host.
  const { pathname, searchParams } = new URL(`http://simulator.test${request.url ?? '/'}`);
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    target: request.url ?? '/',
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: await readBody(request),
  };
}

function attemptKey(vendor: string, read: VendorRequest, call: Call): string {
  return `${vendor} ${read.method} ${read.path}${call.safeQuery} ${call.command} ${call.page ?? ''} ${call.target ?? ''}`;
}

function conclude(outcome: Outcome, request: IncomingMessage, response: ServerResponse): void {
  if (outcome.kind === 'hang') return;
  if (outcome.kind === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const { reply, body, promisedBytes } = outcome;
  response.writeHead(reply.status, { ...reply.headers, 'content-length': promisedBytes ?? body.length });
  if (promisedBytes === undefined || promisedBytes === body.length) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  response.write(body, () => request.socket.destroy());
}

/** A bucket that starts anew whenever the limit is another one. 0: go on, else milliseconds until the next token. */
function limiter({ settings, ownLimit }: VendorServerParts): () => number {
  let limit: RateLimit | null = null;
  let bucket: TokenBucket | null = null;
  return () => {
    const wanted = settings.rateLimit === 'vendor' ? ownLimit : settings.rateLimit;
    if (wanted !== limit) {
      limit = wanted;
      bucket = limit ? new TokenBucket(limit) : null;
    }
    return bucket?.take() ?? 0;
  };
}
