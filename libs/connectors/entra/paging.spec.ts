import { describe, expect, it } from '@jest/globals';
import {
  CountingBudget,
  createVendorHttp,
  isWorthRefetching,
  ManualPacing,
  readAllUsers,
  type ScriptedAnswer,
  ScriptedEgress,
  type VendorScript,
} from '@rollcall/connector-kit';
import { type LeaseMaterial } from '@rollcall/contracts';

import { connector } from './index.js';
import { manifest } from './manifest.js';

const lease: LeaseMaterial = {
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: 1,
  connector: 'entra',
  type: 'oauth2-client-credentials',
  baseUrl: 'https://graph.microsoft.com',
  fields: { accessToken: 'example-access-token-51c7' },
};
const link = 'https://graph.microsoft.com/v1.0/users?$select=id&$skiptoken=a';
const user = (id: string) => ({ id, accountEnabled: true, userPrincipalName: `${id}@example.com` });
const page = (next: boolean): ScriptedAnswer => ({
  text: JSON.stringify({ value: [user(next ? 'a' : 'b')], ...(next ? { '@odata.nextLink': link } : {}) }),
});
const refusal = (status: number, code: string, message: string): ScriptedAnswer => ({
  status,
  text: JSON.stringify({ error: { code, message } }),
});
const notAdvanced = refusal(400, 'Request_UnsupportedQuery', '$count is not supported.');

function bench(script: VendorScript, context: { load?: string; inputs?: Record<string, string> } = {}) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const http = createVendorHttp({ egress, pacing, budget: new CountingBudget(), manifest, lease: () => lease });
  return { egress, context: { http, load: 'users', inputs: {}, ...context } };
}

async function read(script: VendorScript, options: Parameters<typeof bench>[1] = {}) {
  const { egress, context } = bench(script, options);
  const users: string[] = [];
  try {
    for await (const { users: found } of readAllUsers(connector, context)) users.push(...found.map(({ id }) => id));
    return { egress, users, error: null };
  } catch (error) {
    return { egress, users, error };
  }
}

const isAdvanced = ({ url, headers }: { url: string; headers: Readonly<Record<string, string>> }): boolean =>
  headers['consistencylevel'] === 'eventual' && url.includes('count=true');

describe('a page token that the vendor does not know any more', () => {
  it.each([
    [400, 'Directory_ExpiredPageToken', 'The specified page token value has expired.'],
    [400, 'Directory.ExpiredPageToken', 'whatever'],
    [400, 'Request_BadRequest', 'The skip token is invalid.'],
    [410, 'syncStateNotFound', 'The sync state is not known any more.'],
    [400, 'SyncStateNotFound', ''],
    [410, 'Gone', ''],
  ])('answered with %d %s restarts the listing', async (status, code, message) => {
    const { users, error } = await read((_, index) => (index === 0 ? page(true) : refusal(status, code, message)));
    expect(users).toEqual(['a']);
    expect(error).toMatchObject({ code: 'read-cursor-expired', details: { status } });
    expect(isWorthRefetching(error)).toBe(true);
  });

  it('is not what a first page is refused for', async () => {
    const { error } = await read(() => refusal(400, 'Directory_ExpiredPageToken', 'expired'));
    expect(error).toMatchObject({ code: 'vendor-refused' });
  });
});

describe('a directory without advanced queries', () => {
  const plainOnly: VendorScript = (request) => {
    if (isAdvanced(request) || request.headers['consistencylevel'] !== undefined) return notAdvanced;
    return page(!request.url.includes('skiptoken'));
  };

  it('is read in the plain way, all its pages', async () => {
    const { users, error, egress } = await read(plainOnly);
    expect(error).toBeNull();
    expect(users).toEqual(['a', 'b']);
    expect(egress.requests.map(isAdvanced)).toEqual([true, false, false]);
  });

  it('is accepted when the credential is tried', async () => {
    const { context } = bench(plainOnly);
    await expect(connector.check(context)).resolves.toBeUndefined();
  });

  it('refuses filters, in its own words', async () => {
    const filtering = { load: 'users-with-filtering', inputs: { filter: "city eq 'Bonn'" } };
    const { error, egress } = await read(plainOnly, filtering);
    expect(error).toMatchObject({ message: expect.stringContaining('$count is not supported.') as unknown });
    expect(egress.requests).toHaveLength(1);
  });

  it('is not asked twice where something else than the query is wrong', async () => {
    for (const status of [401, 403, 404]) {
      const { egress } = await read(() => refusal(status, 'Other', 'other'));
      expect(egress.requests).toHaveLength(1);
    }
  });
});
