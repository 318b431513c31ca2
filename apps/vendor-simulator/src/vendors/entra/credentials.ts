import type { VendorContext } from '../vendor.js';

export interface EntraCredentials extends Readonly<Record<string, string>> {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type EntraContext = VendorContext<EntraCredentials>;
