import { assemble, type SimulatorOptions } from './assemble.js';
import type { Control } from './control/control.js';
import { type Outcome, perform, rateLimited, send } from './faults/perform.js';
import { TokenBucket } from './faults/rate-limit.js';
import type { VendorCredentials, VendorId } from './vendors/index.js';
import type { Call, Effect, Reply, VendorApi, VendorRequest } from './vendors/vendor.js';

/** A request as it stands on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request that arrived, with what became of it. */
export interface Exchange {
  readonly outcome: Outcome;
  readonly call: Call;
  readonly fault: string | null;
  readonly effects: readonly Effect[];
}

/** One vendor without a socket: understands, bends and answers as the server does. */
export interface InProcessVendor {
  readonly credentials: VendorCredentials[VendorId];
  readonly control: Control;
  exchange(request: WireRequest): Exchange;
}

/**
 * A simulated vendor inside this process, for tests that decide time themselves.
 * @param now epoch milliseconds; tokens and the vendor's own rate limit follow it
 */
export function inProcessVendor(vendor: VendorId, options: SimulatorOptions, now: () => number): InProcessVendor {
  const { control, faults, settings, credentials, vendors } = assemble(
    { ...options, vendors: [vendor] },
    { now, origin: (request) => `https://${request.header('host') ?? ''}` },
  );
  const { api, ownLimit } = vendors[0]!;
  const limit = settings.rateLimit === 'vendor' ? ownLimit : settings.rateLimit;
  const bucket = limit === null ? null : new TokenBucket(limit, now);
  const mutate = control.mutate.bind(control);
  return {
    credentials: credentials[vendor],
    control,
    exchange(request) {
      const call = api.understand(vendorRequestOf(request));
      const fault = faults.take(vendor, call);
      const waitMs = fault === null ? (bucket?.take() ?? 0) : 0;
      const outcome = waitMs > 0 ? send(limited(api, waitMs)) : perform(call, fault, { api, mutate });
      return {
        outcome,
        call,
        fault: fault?.kind ?? (waitMs > 0 ? 'over-rate-limit' : null),
        effects: effectsOf(outcome),
      };
    },
  };
}

function limited(api: VendorApi, waitMs: number): Reply {
  return api.overLimit?.(waitMs) ?? rateLimited(api);
}

function effectsOf(outcome: Outcome): readonly Effect[] {
  return outcome.kind === 'hang' ? [] : (outcome.reply?.effects ?? []);
}

function vendorRequestOf({ method, url, headers, body = '' }: WireRequest): VendorRequest {
  const { pathname, searchParams, search, host } = new URL(url);
  const byName = new Map(Object.entries({ host, ...headers }).map(([name, value]) => [name.toLowerCase(), value]));
  const target = `${pathname}${search}`;
  return { method, path: pathname, query: searchParams, target, body, header: (name) => byName.get(name) };
}
