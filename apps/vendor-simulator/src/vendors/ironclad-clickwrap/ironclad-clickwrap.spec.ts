import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../../simulator.js';
import { ironcladClickwrap } from './index.js';
import { overLimit } from './replies.js';
import { ACCOUNT } from './sites.js';

interface Member {
  readonly id: number;
  readonly email: string;
  readonly verified: boolean;
  readonly verified_time: string | null;
}
interface Page {
  readonly count: number;
  readonly has_more: boolean;
  readonly page: number;
  readonly per_page: number;
  readonly total_count?: number;
  readonly data: readonly Member[];
}

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test', vendors: ['ironclad-clickwrap'], company: 'load:250' });
});
afterEach(() => simulator.stop());

const url = () => simulator.urls['ironclad-clickwrap'];
const credentials = () => simulator.credentials['ironclad-clickwrap'];

async function get(path: string, token = credentials().accessToken) {
  const reply = await fetch(`${url()}/v1.1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}
const members = async (query = '') => (await get(`/accounts/${ACCOUNT}/members${query}`)).body as unknown as Page;

async function askToken(form: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form });
  const reply = await fetch(`${url()}/oauth/token`, { method: 'POST', body, headers });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

describe('tokens', () => {
  const client = () => ({ client_id: credentials().clientId, client_secret: credentials().clientSecret });

  it('are given for id and secret, in the form or in a Basic header, and open the API', async () => {
    const { clientId, clientSecret } = credentials();
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    for (const { status, body } of [await askToken(client()), await askToken({}, basic)]) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
      expect((await get('/sites', String(body['access_token']))).status).toBe(200);
    }
  });

  it('are refused for a wrong secret and another grant', async () => {
    expect(await askToken({ ...client(), client_secret: 'test-wrong' })).toEqual({
      status: 401,
      body: { error: 'invalid_client', error_description: 'invalid client' },
    });
    expect(await askToken({ ...client(), grant_type: 'password' })).toMatchObject({ status: 400 });
  });

  it('end', async () => {
    simulator.control.settings({ tokenLifeSeconds: 1 });
    const { body } = await askToken(client());
    const token = String(body['access_token']);
    const until = Date.now() + 5000;
    let status = 200;
    while (status === 200 && Date.now() < until) ({ status } = await get('/sites', token));
    expect(status).toBe(401);
    expect((await askToken(client())).status).toBe(200);
  });

  it.each(['', 'test-wrong'])('must be right: %j is not', async (token) => {
    const message = 'The requester is unauthorized.';
    const error = { message, status: 401, name: 'Unauthorized', code: 'unauthorized' };
    expect(await get('/sites', token)).toEqual({ status: 401, body: { error } });
  });
});

describe('GET /accounts/{id}/members', () => {
  it('lists everybody once, page after page from 1', async () => {
    const ids: number[] = [];
    for (let page = 1; ; page += 1) {
      const { data, has_more, count, total_count, ...rest } = await members(`?page=${page}&per_page=60`);
      expect([count, total_count, rest.page, rest.per_page]).toEqual([data.length, 250, page, 60]);
      ids.push(...data.map(({ id }) => id));
      if (!has_more) break;
    }
    expect(new Set(ids).size).toBe(250);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('gives 25 at once to who does not say how many', async () => {
    expect(await members()).toMatchObject({ count: 25, per_page: 25, has_more: true });
  });

  it('asks to wait whole seconds over 2000 requests in a minute', () => {
    expect(ironcladClickwrap.rateLimit).toEqual({ perSecond: 2000 / 60, burst: 2000 });
    const reply = overLimit(1200);
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    expect(JSON.parse(reply.body)).toMatchObject({ error: { status: 429, message: 'Too many requests.' } });
  });

  it('leaves the total out when nobody counts, and gives only the fields asked for', async () => {
    expect(await members('?no_count=true')).not.toHaveProperty('total_count');
    expect((await members('?per_page=1&fields=id,email')).data.map(Object.keys)).toEqual([['id', 'email']]);
  });

  it('filters by clauses', async () => {
    const [first] = (await members('?per_page=1')).data;
    const one = await members(`?filter=${encodeURIComponent(`email==${first!.email} and verified==true`)}`);
    expect(one).toMatchObject({ total_count: 1, data: [{ id: first!.id }] });
    expect((await get(`/accounts/${ACCOUNT}/members?filter=nonsense`)).status).toBe(400);
  });

  it.each(['?page=0', '?per_page=101', '?page=x'])('refuses %s', async (query) => {
    expect((await get(`/accounts/${ACCOUNT}/members${query}`)).status).toBe(400);
  });

  it('does not know other accounts', async () => {
    expect((await get('/accounts/1/members')).status).toBe(404);
  });

  it('has no inactive members: they are removed', async () => {
    const [{ id }] = (await members('?per_page=1')).data as [Member];
    const mutate = (op: 'suspend' | 'remove-user') =>
      simulator.control.mutate([{ op, vendor: 'ironclad-clickwrap', id: String(id) }]);
    expect(() => mutate('suspend')).toThrow(/remove-user/);
    mutate('remove-user');
    expect(await members()).toMatchObject({ total_count: 249 });
  });

  it('bends as faults say', async () => {
    const plan = (fault: object) => ({ vendor: 'ironclad-clickwrap', match: { page: 2 }, fault }) as never;
    simulator.control.addFaults([
      plan({ kind: 'duplicate-page' }),
      plan({ kind: 'empty-page' }),
      plan({ kind: 'total', total: 9 }),
    ]);
    expect(await members('?page=2')).toMatchObject({ page: 1 });
    expect(await members('?page=2')).toMatchObject({ data: [], has_more: true, total_count: 250 });
    expect(await members('?page=2')).toMatchObject({ total_count: 9 });
  });
});

it('shows sites of one account, and who belongs to them', async () => {
  expect((await get('/sites')).body).toMatchObject({
    total_count: 2,
    data: [{ account: ACCOUNT }, { account: ACCOUNT }],
  });
  const { body } = await get('/sites/311/memberships?per_page=2');
  expect(body).toMatchObject({ data: [{ role: 'owner', membership_type: 'site' }, { role: 'member' }] });
  expect((await get('/sites/1/memberships')).status).toBe(404);
});
