import type { AccountShape } from '../company/account.js';
import { entra } from './entra/index.js';
import { ironcladClickwrap } from './ironclad-clickwrap/index.js';
import { jumpcloud } from './jumpcloud/index.js';
import { lastpass } from './lastpass/index.js';
import { lever } from './lever/index.js';
import type { Vendor, VendorApi, VendorContext } from './vendor.js';

/** Every simulated vendor. A new one is a folder and a line here. */
export const vendors = { lastpass, jumpcloud, entra, lever, 'ironclad-clickwrap': ironcladClickwrap };

export type VendorId = keyof typeof vendors;
export type VendorCredentials = { [Id in VendorId]: (typeof vendors)[Id]['defaultCredentials'] };

export const vendorIds = Object.keys(vendors) as VendorId[];

/** How each of these vendors writes a user down. */
export function accountShapes(ids: readonly VendorId[] = vendorIds): Readonly<Record<string, AccountShape>> {
  return Object.fromEntries(ids.map((id) => [id, vendors[id].shape]));
}

/** The vendor's API over its directory. The credentials are those of the same vendor, which the registry's type cannot say. */
export function createVendorApi(id: VendorId, context: VendorContext<Readonly<Record<string, string>>>): VendorApi {
  return (vendors[id] as unknown as Vendor).createApi(context);
}
