import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../../simulator.js';
import { ORGANIZATION } from './index.js';

type User = Record<string, unknown> & { _id: string; email: string };
interface Page {
  totalCount: number;
  results: User[];
}

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test', vendors: ['lastpass', 'jumpcloud', 'entra'] });
});
afterEach(() => simulator.stop());

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(`${simulator.urls.jumpcloud}/api${path}`, {
    method,
    headers: { 'x-api-key': simulator.credentials.jumpcloud.apiKey, 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    headers: reply.headers,
    text,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}
const list = async (query: string) => (await call('GET', `/systemusers${query}`)).body as Page;
const get = async (id: string) => (await call('GET', `/systemusers/${id}`)).body as User;
const accounts = () => simulator.control.company().vendors.jumpcloud?.accounts ?? [];
const effects = () =>
  simulator.control.ledger().flatMap((entry) => (entry.kind === 'effect' ? [`${entry.effect} ${entry.id}`] : []));
const unknownId = '0123456789abcdef01234567';

function ordinary() {
  const managers = new Set(simulator.control.rawAccounts('jumpcloud').map(({ record }) => record.manager));
  const account = accounts().find((one) => one.active && one.personId && !one.admin && !managers.has(one.id));
  if (!account) throw new Error('nobody is active');
  return account;
}

describe('JumpCloud authorization', () => {
  it('wants the key in x-api-key', async () => {
    const denied = { status: 401, body: { message: 'Unauthorized' } };
    expect(await call('GET', '/systemusers', undefined, { 'x-api-key': 'test-wrong' })).toMatchObject(denied);
    expect(await call('GET', '/organizations', undefined, { 'x-api-key': '' })).toMatchObject(denied);
    expect((await call('GET', '/organizations')).body).toMatchObject({ totalCount: 1 });
  });

  it('takes x-org-id when it is right or empty', async () => {
    const status = async (org: string) => (await call('GET', '/systemusers', undefined, { 'x-org-id': org })).status;
    expect(await status(ORGANIZATION.id)).toBe(200);
    expect(await status('')).toBe(200);
    expect(await status('nonsense')).toBe(400);
    expect(await status(unknownId)).toBe(404);
  });
});

describe('JumpCloud GET /systemusers', () => {
  it('gives ten by default and at most a hundred', async () => {
    expect((await list('')).results).toHaveLength(10);
    expect((await list('?limit=100')).results).toHaveLength(100);
    expect(await call('GET', '/systemusers?limit=101')).toMatchObject({
      status: 400,
      body: { message: 'Bad Request: request parameter "limit" exceeds maximum value of 100' },
    });
  });

  it('serves everybody once when sorted by id, and an empty page with the same total past the end', async () => {
    const ids: string[] = [];
    let page = await list('?limit=100&skip=0&sort=_id');
    while (page.results.length > 0) {
      expect(page.totalCount).toBe(accounts().length);
      ids.push(...page.results.map((user) => user._id));
      page = await list(`?limit=100&skip=${ids.length}&sort=_id`);
    }
    expect(page).toEqual({ totalCount: accounts().length, results: [] });
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(accounts().length);
  });

  it('misses somebody without sort when a user changes between two pages', async () => {
    const first = await list('?limit=100');
    await call('PUT', `/systemusers/${first.results[0]?._id}`, { jobTitle: 'Changed' });
    const second = await list('?limit=100&skip=100');
    const third = await list('?limit=100&skip=200');
    const seen = new Set([first, second, third].flatMap((page) => page.results.map((user) => user._id)));
    expect(seen.size).toBe(accounts().length - 1);
  });

  it('sorts by other fields, descending with a minus', async () => {
    const names = (await list('?limit=100&sort=-lastname%20firstname')).results.map((user) => user.lastname as string);
    expect(names).toEqual([...names].sort().reverse());
  });

  it('has the documented keys, and leaves unset ones out', async () => {
    const user = await get(ordinary().id);
    expect(user).toMatchObject({
      account_locked: false,
      account_locked_date: null,
      activated: true,
      allow_public_key: true,
      state: 'ACTIVATED',
      suspended: false,
      password_expired: false,
      id: user._id,
    });
    expect(user._id).toMatch(/^[0-9a-f]{24}$/);
    expect(user.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(user).not.toHaveProperty('alternateEmail');
    expect(user).not.toHaveProperty('admin');
  });

  it('marks suspended, staged, locked and administering users', async () => {
    const total = async (filter: string) => (await list(`?filter=${filter}`)).totalCount;
    expect(await total('suspended:$eq:true')).toBe(accounts().filter((account) => !account.active).length);
    expect(await total('state:$eq:STAGED')).toBe(5);
    expect(await total('account_locked:$eq:true')).toBe(1);
    expect(await total('admin.roleName:$eq:Administrator')).toBe(1);
  });

  it('gives only chosen fields with _id', async () => {
    const { results } = await list('?limit=3&fields=email%20username');
    for (const user of results) expect(Object.keys(user).sort()).toEqual(['_id', 'email', 'username']);
  });
});

describe('JumpCloud filters and search', () => {
  const count = async (query: string) => (await list(`?limit=100&${query}`)).totalCount;

  it('filters by each operator, case-sensitively', async () => {
    const { email } = ordinary();
    expect(await count(`filter=email:$eq:${email}`)).toBe(1);
    expect(await count(`filter=email:$eq:${email.toUpperCase()}`)).toBe(0);
    expect(await count(`filter=email:$ne:${email}`)).toBe(accounts().length - 1);
    const [below, above] = [await count('filter=unix_uid:$lte:5100'), await count('filter=unix_uid:$gt:5100')];
    expect([below, below + above]).toEqual([100, accounts().length]);
    expect(await count('filter=password_expiration_date:$lt:2026-03-01')).toBe(1);
    expect(await count('filter=created:$gte:2026-03-02')).toBe(0);
  });

  it('joins by and, and by or', async () => {
    const department = async (name: string) => count(`filter=department:$eq:${name}`);
    const [it, sales] = [await department('IT'), await department('Sales')];
    expect(await count('filter[or][0]=department:$eq:IT&filter[or][1]=department:$eq:Sales')).toBe(it + sales);
    expect(await count('filter[0]=department:$eq:IT&filter[1]=department:$eq:Sales')).toBe(0);
    expect(await count('filter[and][0]=department:$eq:IT&filter[and][1]=suspended:$eq:false')).toBeLessThanOrEqual(it);
  });

  it('takes operators with and without the dollar sign, and refuses unknown ones', async () => {
    const email = encodeURIComponent(accounts()[3]!.email);
    for (const operator of ['$eq', 'eq']) {
      const { body } = await call('GET', `/systemusers?filter=email:${operator}:${email}`);
      expect(body).toMatchObject({ totalCount: 1 });
    }
    expect(await call('GET', '/systemusers?filter=email:is:x')).toMatchObject({
      status: 400,
      body: { code: 400, status: 'INVALID_ARGUMENT', message: 'filter operator "is" is unknown' },
    });
  });

  it('searches by GET and by POST', async () => {
    expect(await count('search[searchTerm]=FRONT.desk&search[fields]=email')).toBe(2);
    const search = async (body: unknown) => (await call('POST', '/search/systemusers', body)).body as Page;
    expect((await search({ searchFilter: { searchTerm: 'front.desk', fields: ['email'] } })).totalCount).toBe(2);
    const both = { or: [{ department: 'IT' }, { department: 'Sales' }] };
    const expected = (await count('filter=department:$eq:IT')) + (await count('filter=department:$eq:Sales'));
    expect((await search({ filter: both, limit: 1000 })).results).toHaveLength(expected);
    const one = await search({ filter: [{ department: 'IT' }], fields: 'email', limit: 1 });
    expect(Object.keys(one.results[0] ?? {}).sort()).toEqual(['_id', 'email']);
  });
});

describe('JumpCloud users', () => {
  const wanted = { username: 'cy.new', email: 'cy.new@harbour.example', firstname: 'Cy', lastname: 'New' };

  it('creates once', async () => {
    const created = await call('POST', '/systemusers', wanted);
    expect(created).toMatchObject({ status: 200, body: { ...wanted, displayname: 'Cy New', state: 'ACTIVATED' } });
    const again = await call('POST', '/systemusers', { ...wanted, username: 'another' });
    expect(again).toMatchObject({ status: 400, body: { message: 'User already exists' } });
    expect(effects()).toEqual([`create ${(created.body as User)._id}`]);
  });

  it('refuses incomplete users and weak passwords, with details on request', async () => {
    expect(await call('POST', '/systemusers', { username: 'x' })).toMatchObject({
      status: 400,
      body: { code: 400, status: 'INVALID_ARGUMENT' },
    });
    const weak = { ...wanted, password: 'testexample1' };
    expect((await call('POST', '/systemusers?fullValidationDetails=password', weak)).body).toEqual({
      code: 400,
      message: 'Password validation fail',
      status: 'INVALID_ARGUMENT',
      details: [
        {
          fieldViolationsList: [{ field: 'password', description: 'specialCharacter' }],
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
        },
      ],
    });
    const fine = await call('POST', '/systemusers', { ...wanted, password: 'test-example-1' });
    expect(fine.body).not.toHaveProperty('password');
  });

  it('updates only what is given; suspended and state follow each other', async () => {
    const { id, email } = ordinary();
    const suspended = await call('PUT', `/systemusers/${id}`, { suspended: true });
    expect(suspended.body).toMatchObject({ email, suspended: true, state: 'SUSPENDED' });
    await call('PUT', `/systemusers/${id}`, { state: 'ACTIVATED' });
    expect(await get(id)).toMatchObject({ suspended: false, state: 'ACTIVATED' });
    await call('PUT', `/systemusers/${id}`, { state: 'ACTIVATED' });
    expect(effects()).toEqual([`disable ${id}`, `enable ${id}`]);
  });

  it('deletes once', async () => {
    const { id, email } = ordinary();
    expect(await call('DELETE', `/systemusers/${id}`)).toMatchObject({ status: 200, body: { _id: id, email } });
    expect(await call('DELETE', `/systemusers/${id}`)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    expect(effects()).toEqual([`delete ${id}`]);
  });

  it("deletes a manager only together with the reports' manager field", async () => {
    const report = simulator.control.rawAccounts('jumpcloud').find(({ record }) => record.manager !== undefined);
    const managerId = String(report?.record.manager);
    expect(await call('DELETE', `/systemusers/${managerId}`)).toMatchObject({ status: 409 });
    expect(await call('DELETE', `/systemusers/${managerId}?cascade_manager=null`)).toMatchObject({ status: 200 });
    expect(await get(report?.id ?? '')).not.toHaveProperty('manager');
  });

  it('unlocks, expires, resets the second factor and activates; repeating is no error and no effect', async () => {
    const locked = (await list('?filter=account_locked:$eq:true')).results[0]?._id ?? '';
    const staged = (await list('?filter=state:$eq:STAGED')).results[0]?._id ?? '';
    const act = (id: string, action: string) => call('POST', `/systemusers/${id}/${action}`);
    for (let i = 0; i < 2; i += 1) {
      expect(await act(locked, 'unlock')).toMatchObject({ status: 200, text: '' });
      expect(await act(locked, 'expire')).toMatchObject({ status: 200, text: '' });
      expect(await act(locked, 'resetmfa')).toMatchObject({ status: 200 });
      expect((await call('POST', `/systemusers/${staged}/state/activate`, { email: false })).status).toBe(200);
    }
    expect(await get(locked)).toMatchObject({
      account_locked: false,
      account_locked_date: null,
      password_expired: true,
    });
    expect(await get(staged)).toMatchObject({ state: 'ACTIVATED', activated: true });
    expect(effects()).toEqual([`unlock ${locked}`, `expire ${locked}`, `activate ${staged}`]);
  });

  it.each(['GET', 'PUT', 'DELETE'])(
    'answers %s of an unknown id with 404, of a malformed one with 400',
    async (method) => {
      const body = method === 'PUT' ? {} : undefined;
      expect(await call(method, `/systemusers/${unknownId}`, body)).toMatchObject({ status: 404 });
      expect(await call(method, '/systemusers/nonsense', body)).toMatchObject({
        status: 400,
        body: { status: 'INVALID_ARGUMENT' },
      });
    },
  );
});
