import { describe, expect, it } from '@jest/globals';
import type { LeaseMaterial } from '@rollcall/contracts';

import { bench, lease, list } from '../test/http-bench.js';

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

  it.each(['accessKeyId', 'sessionToken', 'region', 'service'])(
    'refuses a line break in %s before anything is sent',
    async (name) => {
      const fields = {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'test-secret-key',
        region: 'eu-west-1',
        service: 's3',
      };
      const { http, egress } = bench(() => ({}), advanced('aws-signature-v4', { ...fields, [name]: 'a\nx-other: 1' }));
      await expect(http.request(list)).rejects.toMatchObject({ code: 'vendor-auth-rejected' });
      expect(egress.requests).toEqual([]);
    },
  );

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
