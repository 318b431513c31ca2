import type { ConnectorManifest, LeaseMaterial } from '@rollcall/contracts';

import { CountingBudget, ManualPacing, ScriptedEgress, type VendorScript } from '../src/conformance/scripted-egress.js';
import type { VendorRequest } from '../src/connector.js';
import { createVendorHttp, type VendorHttpOptions } from '../src/vendor-http.js';

export const secret = 'test-secret-4f1c9a';
const manifest = {
  name: 'Example Vendor',
  authSchemes: [
    {
      type: 'basic',
      inputs: [{ name: 'password', secret: true }],
      placement: { kind: 'basic', username: 'username', password: 'password' },
    },
    {
      type: 'api-key',
      inputs: [{ name: 'key', secret: true }],
      placement: { kind: 'query', name: 'token', field: 'key' },
    },
  ],
  credentialRefusedText: 'Authorization Error',
} as unknown as ConnectorManifest;

export const lease = (overrides: Partial<LeaseMaterial> = {}): LeaseMaterial => ({
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: null,
  connector: 'example',
  type: 'basic',
  baseUrl: 'https://vendor.example/api',
  fields: { username: 'example-key', password: secret },
  ...overrides,
});

export const list: VendorRequest = { operation: 'list', method: 'GET', path: '/users', query: { skip: 0 } };

/** HTTP of a vendor that plays a script. */
export function bench(script: VendorScript, options: Partial<VendorHttpOptions> = {}) {
  const pacing = new ManualPacing();
  const budget = new CountingBudget();
  const egress = new ScriptedEgress(script, pacing);
  const http = createVendorHttp({ egress, budget, manifest, pacing, lease: () => lease(), ...options });
  return { http, egress, budget, pacing };
}
