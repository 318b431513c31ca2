import type { VendorHttpOptions } from '@rollcall/connector-kit';

/** Injection token of the connectors by id, so that tests may stand on connectors of their own. */
export const CONNECTORS = Symbol('connectors');

/** Injection token of `VendorGate`. */
export const VENDOR_GATE = Symbol('vendor gate');

/** The way to one vendor under one credential: egress policy and the shared rate budget (G5). */
export type VendorGate = (
  credential: string,
  baseUrl: string,
  rate: { readonly capacity: number; readonly perSecond: number },
) => Pick<VendorHttpOptions, 'egress' | 'budget'>;
