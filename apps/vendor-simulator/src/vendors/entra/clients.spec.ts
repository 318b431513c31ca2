import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../../simulator.js';
import { accountShape } from './account-shape.js';
import { entra } from './index.js';
import { throttled } from './replies.js';

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'test', vendors: ['lastpass', 'jumpcloud', 'entra'] });
  token = await newToken();
});
afterAll(() => simulator.stop());

async function newToken(): Promise<string> {
  const { clientId, clientSecret } = simulator.credentials.entra;
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' };
  const discovered = await fetch(`${simulator.urls.entra}/harbour.example/v2.0/.well-known/openid-configuration`);
  const { token_endpoint: endpoint } = (await discovered.json()) as { token_endpoint: string };
  const reply = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({ ...form, scope: 'https://graph.microsoft.com/.default' }),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}

async function call(path: string, headers: Record<string, string> = {}) {
  const reply = await fetch(`${simulator.urls.entra}${path}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  return { status: reply.status, body: (await reply.json()) as { value: Record<string, unknown>[]; error?: object } };
}

const accounts = () => simulator.control.company().vendors.entra?.accounts ?? [];
const eventual = { consistencylevel: 'eventual' };
const inList = (count: number) => `city in (${Array.from({ length: count }, (_, index) => `'C${index}'`).join(',')})`;

describe('what clients of the vendor send', () => {
  it('finds the token endpoint by discovery, without a credential', () => {
    expect(token).toMatch(/^test-access-token-/);
  });

  it('tells which hosts are its own, and that a tenant is not known', async () => {
    const instance = await fetch(`${simulator.urls.entra}/common/discovery/instance?api-version=1.1`);
    expect(await instance.json()).toMatchObject({ 'api-version': '1.1' });
    const other = await fetch(`${simulator.urls.entra}/other.example/v2.0/.well-known/openid-configuration`);
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ error_codes: [90002] });
  });

  it('shows a sign-in page for a tenant that is neither an id nor a domain', async () => {
    const reply = await fetch(`${simulator.urls.entra}/no%20tenant/oauth2/v2.0/token`, { method: 'POST', body: 'x=1' });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toContain('text/html');
  });

  it.each([
    '/v1.0//users?$top=1',
    '/v1.0/users?$top=1',
    '/v1.0/users/delta()?$select=id',
    '/v1.0/users/delta?$select=id',
  ])('answers %s', async (path) => {
    const { status, body } = await call(path);
    expect(status).toBe(200);
    expect(body.value.length).toBeGreaterThan(0);
  });

  it('finds a user by an id in upper case', async () => {
    const { id } = accounts()[3]!;
    expect(await call(`/v1.0/users/${id.toUpperCase()}`)).toMatchObject({ status: 200, body: { id } });
  });
});

describe('limits of a query', () => {
  const list = (filter: string, advanced: boolean) =>
    call(
      `/v1.0/users?$filter=${encodeURIComponent(filter)}${advanced ? '&$count=true' : ''}`,
      advanced ? eventual : {},
    );

  it('are fifteen values of a list, unless it is advanced', async () => {
    expect((await list(inList(15), false)).status).toBe(200);
    for (const filter of [inList(16), `${inList(10)} or ${inList(6)}`, `accountEnabled eq true and ${inList(16)}`]) {
      expect(await list(filter, false)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('Max allowed: 15') as unknown } },
      });
      expect((await list(filter, true)).status).toBe(200);
    }
  });

  it('are 2048 characters of the whole address, if it is advanced', async () => {
    const room = 2048 - `https://graph.microsoft.com/v1.0/users?$filter=&$count=true`.length;
    const filter = (length: number) => `city eq '${'x'.repeat(length - 'city%20eq%20%27%27'.length)}'`;
    expect((await list(filter(room), true)).status).toBe(200);
    expect((await list(filter(room + 1), true)).status).toBe(400);
    expect((await list(filter(room + 1), false)).status).toBe(200);
  });

  it('are told with the application and the directory that met them', () => {
    const who = entra.defaultCredentials;
    const { headers } = throttled({ requestId: 'r', clientRequestId: 'c', nowMs: 0 }, who, '2');
    expect(headers['x-ms-throttle-scope']).toBe(`Tenant_Application/ReadWrite/${who.clientId}/${who.tenantId}`);
  });
});

describe('users without a mailbox', () => {
  it('are about a quarter, have no mail, and keep a name to sign in', async () => {
    const { body } = await call('/v1.0/users?$select=id,mail,userPrincipalName,userType&$top=999');
    const without = body.value.filter(({ mail }) => mail === null);
    expect(without.length / body.value.length).toBeGreaterThan(0.18);
    expect(without.length / body.value.length).toBeLessThan(0.35);
    for (const { id, userPrincipalName } of without) {
      expect(accounts().find((account) => account.id === id)?.email).toBe(userPrincipalName);
    }
  });

  it('get no mail when they are renamed', () => {
    const attributes = { mail: null, userPrincipalName: 'a@harbour.example', mailNickname: 'a' };
    accountShape.setEmail(attributes, 'b@harbour.example');
    expect(attributes).toEqual({ mail: null, userPrincipalName: 'b@harbour.example', mailNickname: 'b' });
  });
});
