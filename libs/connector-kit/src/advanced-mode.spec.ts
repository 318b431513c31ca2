import { describe, expect, it } from '@jest/globals';
import { type ConnectorManifest, type LeaseMaterial } from '@rollcall/contracts';

import { CountingBudget, ManualPacing, ScriptedEgress, type VendorScript } from './conformance/scripted-egress.js';
import { type VendorRequest } from './connector.js';
import { createVendorHttp, type VendorHttpOptions } from './vendor-http.js';

const manifest = {
  name: 'Example Vendor',
  authSchemes: [
    {
      type: 'basic',
      inputs: [{ name: 'password', secret: true }],
      placement: { kind: 'basic', username: 'username', password: 'password' },
    },
  ],
} as unknown as ConnectorManifest;
const list: VendorRequest = { operation: 'list', method: 'GET', path: '/users', query: { skip: 0 } };

const lease = (overrides: Partial<LeaseMaterial> = {}): LeaseMaterial => ({
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: null,
  connector: 'example',
  type: 'basic',
  baseUrl: 'https://vendor.example/api',
  fields: { username: 'example-key', password: 'test-secret-4f1c9a' },
  ...overrides,
});

function bench(script: VendorScript, options: Partial<VendorHttpOptions> = {}) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const budget = new CountingBudget();
  return { egress, http: createVendorHttp({ egress, budget, manifest, pacing, lease: () => lease(), ...options }) };
}

describe('Advanced Mode', () => {
  const advanced = (type: LeaseMaterial['type'], fields: Record<string, string>) => ({
    lease: () => lease({ type, advanced: true, fields }),
  });

  it.each([
    ['header', { headers: { 'x-token': 'test-key-value' } }],
    ['query', { url: 'https://vendor.example/api/users?skip=0&X-Token=test-key-value' }],
    ['body', { body: '{"X-Token":"test-key-value"}' }],
  ])('puts a key where it was chosen: %s', async (addTo, expected) => {
    const fields = { tokenName: 'X-Token', key: 'test-key-value', addTo };
    const { http, egress } = bench(() => ({}), advanced('api-key', fields));
    await http.request(list);
    expect(egress.requests[0]).toMatchObject(expected);
  });

  it('puts a key into a header where nothing was chosen', async () => {
    const { http, egress } = bench(() => ({}), advanced('api-key', { tokenName: 'X-Token', key: 'test-key-value' }));
    await http.request(list);
    expect(egress.requests[0]!.headers).toMatchObject({ 'x-token': 'test-key-value' });
  });

  it('sends further headers, which never replace what signs in', async () => {
    const fields = { token: 'test-token', headers: 'X-Tenant: 7\nAuthorization: other' };
    const { http, egress } = bench(() => ({}), advanced('bearer', fields));
    await http.request(list);
    expect(egress.requests[0]!.headers).toMatchObject({ 'x-tenant': '7', authorization: 'Bearer test-token' });
  });

  it('sends headers alone', async () => {
    const { http, egress } = bench(() => ({}), advanced('custom-headers', { headers: 'X-One: 1\nX-Two: 2' }));
    await http.request(list);
    expect(egress.requests[0]!.headers).toMatchObject({ 'x-one': '1', 'x-two': '2' });
  });

  it('has a request signed where it leaves', async () => {
    const fields = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'test-secret-key',
      region: 'eu-west-1',
      service: 's3',
    };
    const { http, egress } = bench(() => ({}), advanced('aws-signature-v4', fields));
    await http.request(list);
    expect(egress.requests[0]!.sign).toEqual({ ...fields, sessionToken: '' });
  });

  it('cuts headers that are secrets out of what the vendor repeats, and leaves others where they stand in data', async () => {
    const headers = 'X-Api-Key: first-secret\nAuthorization: Bearer second-secret\nX-Org: example.com';
    const { http } = bench(
      () => ({ text: 'first-secret second-secret ada@example.com Engineering' }),
      advanced('custom-headers', { headers }),
    );
    expect((await http.request(list)).text).toBe('[secret] [secret] ada@example.com Engineering');
  });

  it('does not take a password with a colon for a header', async () => {
    const fields = { username: 'test-user', password: 'pw:Engineering' };
    const { http } = bench(() => ({ text: 'Engineering' }), advanced('basic', fields));
    expect((await http.request(list)).text).toBe('Engineering');
  });

  it('tells under which secret the vendor answered, and not of those that it refused', async () => {
    const accepted: number[] = [];
    let held = lease({ secretVersion: 2 });
    const { http } = bench((_, index) => ({ status: index === 0 ? 401 : 200 }), {
      lease: () => held,
      onUnauthorized: () => Promise.resolve((held = lease({ secretVersion: 1 }))),
      onAccepted: ({ secretVersion }) => accepted.push(secretVersion),
    });
    await http.request(list);
    expect(accepted).toEqual([1]);
  });
});
