import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../../simulator.js';

interface User {
  readonly id: string;
  readonly email: string;
  readonly createdAt: number;
  readonly deactivatedAt: number | null;
}
interface Page {
  readonly data: readonly User[];
  readonly hasNext: boolean;
  readonly next?: string;
}

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test', vendors: ['lever'], company: 'load:250', rateLimit: null });
});
afterEach(() => simulator.stop());

const basic = (key: string, password = ' ') => `Basic ${Buffer.from(`${key}:${password}`).toString('base64')}`;

async function call(method: string, path: string, body?: unknown, authorization?: string) {
  const reply = await fetch(`${simulator.urls.lever}/v1${path}`, {
    method,
    headers: { authorization: authorization ?? basic(simulator.credentials.lever.apiKey) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Record<string, unknown> };
}
const list = async (query = '') => (await call('GET', `/users${query}`)).body as unknown as Page;
const effects = () =>
  simulator.control.ledger().flatMap((entry) => (entry.kind === 'effect' ? [`${entry.effect} ${entry.id}`] : []));
const someone = async () => (await list('?limit=1')).data[0]!;

async function walk(query: string, encode: (token: string) => string): Promise<User[]> {
  const users: User[] = [];
  for (let offset = ''; ;) {
    const page = await list(`?limit=60${query}${offset}`);
    users.push(...page.data);
    if (!page.hasNext) {
      expect(page).not.toHaveProperty('next');
      return users;
    }
    offset = `&offset=${encode(page.next!)}`;
  }
}

describe('Lever authorization', () => {
  it.each([' ', '', 'whatever'])(
    'wants the key as user name and does not look at the password %j',
    async (password) => {
      const { apiKey } = simulator.credentials.lever;
      expect((await call('GET', '/users', undefined, basic(apiKey, password))).status).toBe(200);
    },
  );

  it.each([basic('test-wrong'), 'Bearer test', 'Basic'])('refuses %j in its own words', async (authorization) => {
    expect(await call('GET', '/users', undefined, authorization)).toMatchObject({
      status: 401,
      body: { code: 'UnauthorizedError', message: 'The request requires authentication.' },
    });
  });
});

describe('Lever GET /users', () => {
  it.each([
    ['encoded once more', encodeURIComponent],
    ['as it came', (token: string) => token],
  ])('lists everybody once, newest first, with the token %s', async (_, encode) => {
    const users = await walk('&includeDeactivated=true', encode);
    expect(new Set(users.map(({ id }) => id)).size).toBe(250);
    const ages = users.map(({ createdAt }) => createdAt);
    expect(ages).toEqual([...ages].sort((a, b) => b - a));
  });

  it.each(['true', 'True'])('takes includeDeactivated=%s', async (flag) => {
    const { id } = await someone();
    simulator.control.mutate([{ op: 'suspend', vendor: 'lever', id }]);
    const users = await walk(`&includeDeactivated=${flag}`, encodeURIComponent);
    expect(users.find((user) => user.id === id)?.deactivatedAt).not.toBeNull();
    expect(users).toHaveLength(250);
  });

  it('leaves deactivated users out unless asked for them', async () => {
    const { id } = await someone();
    await call('POST', `/users/${id}/deactivate`);
    expect(await walk('', encodeURIComponent)).toHaveLength(249);
    expect(await walk('&includeDeactivated=true', encodeURIComponent)).toHaveLength(250);
  });

  it.each(['?limit=0', '?limit=101', '?limit=x'])('refuses %s', async (query) => {
    expect(await call('GET', `/users${query}`)).toMatchObject({ status: 400, body: { code: 'BadRequestError' } });
  });

  it.each(['x', '%5B1%5D', '0.1414895548650.a6070140'])('does not know the offset token %s', async (token) => {
    expect(await call('GET', `/users?offset=${encodeURIComponent(token)}`)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Invalid offset token') },
    });
  });

  it('goes on behind a user who was removed meanwhile', async () => {
    const first = await list('?limit=10&includeDeactivated=true');
    simulator.control.mutate([{ op: 'remove-user', vendor: 'lever', id: first.data.at(-1)!.id }]);
    const second = await list(`?limit=10&includeDeactivated=true&offset=${encodeURIComponent(first.next!)}`);
    expect(second.data).toHaveLength(10);
    expect(first.data.map(({ id }) => id)).not.toContain(second.data[0]!.id);
  });

  it('finds by e-mail, and gives only the included fields', async () => {
    const { email, id } = await someone();
    expect((await list(`?email=${email}`)).data).toMatchObject([{ id }]);
    expect((await list(`?email=${email}&include=id&include=name`)).data.map(Object.keys)).toEqual([['id', 'name']]);
  });

  it('bends as faults say: the page before again, and an empty one that goes on', async () => {
    const next = (await list('?limit=10&includeDeactivated=true')).next!;
    const second = `?limit=10&includeDeactivated=true&offset=${encodeURIComponent(next)}`;
    const plan = (kind: 'duplicate-page' | 'empty-page') => ({ vendor: 'lever', match: { page: 2 }, fault: { kind } });
    simulator.control.addFaults([plan('duplicate-page')]);
    expect((await list(second)).data[0]!.id).toBe((await list('?limit=10&includeDeactivated=true')).data[0]!.id);
    simulator.control.addFaults([plan('empty-page')]);
    expect(await list(second)).toMatchObject({ data: [], hasNext: true });
  });
});

describe('Lever users', () => {
  it('are found by id, and unknown ones are not', async () => {
    const { id } = await someone();
    expect((await call('GET', `/users/${id}`)).body).toMatchObject({ data: { id } });
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(await call('GET', `/users/${unknown}`)).toMatchObject({
      status: 404,
      body: { code: 'ResourceNotFound', message: `users ${unknown} was not found` },
    });
  });

  it('are deactivated with the time, which stays when it is repeated, and reactivated', async () => {
    const { id } = await someone();
    const first = (await call('POST', `/users/${id}/deactivate`)).body as { data: User };
    expect(first.data.deactivatedAt).toEqual(expect.any(Number));
    const again = (await call('POST', `/users/${id}/deactivate`)).body as { data: User };
    expect(again.data.deactivatedAt).toBe(first.data.deactivatedAt);
    const back = (await call('POST', `/users/${id}/reactivate`)).body as { data: User };
    expect(back.data.deactivatedAt).toBeNull();
    expect(effects()).toEqual([`disable ${id}`, `enable ${id}`]);
  });

  it('are created and replaced', async () => {
    const created = await call('POST', '/users', { name: 'New One', email: 'new.one@example.com' });
    expect(created).toMatchObject({ status: 201, body: { data: { username: 'new.one', accessRole: 'interviewer' } } });
    const { id } = created.body['data'] as User;
    const wanted = { name: 'Newer', email: 'newer@example.com', accessRole: 'admin' };
    expect((await call('PUT', `/users/${id}`, wanted)).body).toMatchObject({ data: { ...wanted, username: 'newer' } });
    expect(await call('PUT', `/users/${id}`, { name: 'Only' })).toMatchObject({ status: 400 });
    expect(await call('POST', '/users', wanted)).toMatchObject({ status: 400 });
  });
});

it('limits requests as documented: twenty at once, then 429 without a header', async () => {
  simulator.control.settings({ rateLimit: 'vendor' });
  const replies = await Promise.all(Array.from({ length: 40 }, () => call('GET', '/users?limit=1')));
  const limited = replies.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(0);
  expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
  expect(limited[0]!.headers.get('retry-after')).toBeNull();
});
