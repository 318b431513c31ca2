import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import {
  conformanceCases,
  CountingBudget,
  createVendorHttp,
  judgeAnswer,
  ManualPacing,
  readAllUsers,
  renderPreset,
  ScriptedEgress,
  type UserPage,
  type VendorScript,
} from '@rollcall/connector-kit';
import { type LeaseMaterial } from '@rollcall/contracts';

import { connector } from './index.js';
import { presets } from './presets.js';
import { readUser } from './users.js';

const fixture = readFileSync(new URL('./fixtures/two-users.json', import.meta.url), 'utf8');
const idOf = (index: number): string => index.toString(16).padStart(24, '0');

const lease: LeaseMaterial = {
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: null,
  connector: 'jumpcloud',
  type: 'api-key',
  baseUrl: 'https://console.jumpcloud.com/api',
  fields: { key: 'example-api-key-93ab' },
};

/** The vendor with users idOf(0) …, as the facts describe its answers. */
function company(size: number): VendorScript {
  const user = (index: number) => ({
    _id: idOf(index),
    username: `user${index}`,
    email: `user${index}@example.com`,
    suspended: index % 7 === 3,
    state: index % 7 === 3 ? 'SUSPENDED' : 'ACTIVATED',
  });
  return (request) => {
    const url = new URL(request.url);
    const single = /systemusers\/([0-9a-f]{24})$/.exec(url.pathname)?.[1];
    if (single !== undefined) {
      const index = parseInt(single, 16);
      return index < size ? { text: JSON.stringify(user(index)) } : { status: 404, text: '{"message":"Not Found"}' };
    }
    const skip = Number(url.searchParams.get('skip'));
    const end = Math.min(skip + Number(url.searchParams.get('limit')), size);
    const results = Array.from({ length: Math.max(0, end - skip) }, (_, index) => user(skip + index));
    return { text: JSON.stringify({ totalCount: size, results }) };
  };
}

function bench(script: VendorScript, inputs: Record<string, string> = {}) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const budget = new CountingBudget();
  const http = createVendorHttp({ egress, budget, pacing, manifest: connector.manifest, lease: () => lease });
  return { egress, context: { http, inputs, load: 'users' } };
}

async function readPages(script: VendorScript): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  for await (const page of readAllUsers(connector, bench(script).context)) pages.push(page);
  return pages;
}

describe('conformance', () => {
  const cases = conformanceCases({
    connector,
    lease,
    company,
    pageSize: 100,
    authRejected: { status: 401, text: '{"message":"Unauthorized"}' },
    present: { vendorId: idOf(2), username: 'user2' },
    missing: { vendorId: idOf(99), username: 'user2' },
  });
  for (const { title, run } of cases) it(title, run);
});

describe('requests', () => {
  it('lists by id in pages of 100 with the key in its header', async () => {
    const { context, egress } = bench(company(150));
    for await (const page of readAllUsers(connector, context)) expect(page.total).toBe(150);
    expect(egress.requests.map(({ url }) => url)).toEqual([
      'https://console.jumpcloud.com/api/systemusers?sort=_id&limit=100&skip=0',
      'https://console.jumpcloud.com/api/systemusers?sort=_id&limit=100&skip=100',
    ]);
    expect(egress.requests[0]).toMatchObject({ method: 'GET', headers: { 'x-api-key': 'example-api-key-93ab' } });
    expect(egress.requests[0]?.headers).not.toHaveProperty('x-org-id');
    expect(egress.requests[0]?.body).toBeUndefined();
  });

  it('names the organization on every request when it is given', async () => {
    const { context, egress } = bench(company(3), { orgId: ' org1 ' });
    await connector.check(context);
    await connector.getUser(context, { vendorId: idOf(1), username: null });
    expect(egress.requests.map(({ headers }) => headers['x-org-id'])).toEqual(['org1', 'org1']);
  });

  it('goes on where a short page ended', async () => {
    const { context, egress } = bench((request, index) => {
      const full = JSON.parse(company(150)(request, index).text ?? '') as { totalCount: number; results: unknown[] };
      return { text: JSON.stringify({ ...full, results: full.results.slice(0, 60) }) };
    });
    let users = 0;
    for await (const page of readAllUsers(connector, context)) users += page.users.length;
    expect(users).toBe(150);
    expect(egress.requests).toHaveLength(3);
  });
});

describe('users', () => {
  it('reads status, role and administrators', async () => {
    const [page] = await readPages(() => ({ text: fixture }));
    const users = page?.users.map(({ raw: _, ...user }) => user);
    expect(users).toEqual([
      {
        id: '6026bec6b8207255280d5001',
        status: 'active',
        role: { value: 'Administrator With Billing', origin: 'vendor' },
        lastActivityAt: null,
        administrator: true,
        username: 'ada.admin',
      },
      {
        id: '6026bec6b8207255280d5002',
        status: 'inactive',
        role: { value: 'User', origin: 'default' },
        lastActivityAt: null,
        administrator: false,
        username: 'ben.blocked',
      },
    ]);
  });

  it.each([
    [{ suspended: true, state: 'ACTIVATED' }, 'inactive'],
    [{ suspended: false, state: 'SUSPENDED' }, 'inactive'],
    [{ suspended: false, state: 'STAGED' }, 'active'],
    [{ suspended: false, state: 'ACTIVATED', account_locked: true }, 'active'],
    [{ suspended: false }, 'active'],
    [{ state: 'ACTIVATED' }, 'active'],
    [{}, 'unknown'],
    [{ suspended: false, state: 'RETIRED' }, 'unknown'],
    [{ suspended: 'true', state: 'ACTIVATED' }, 'unknown'],
    [{ suspended: 1 }, 'unknown'],
  ])('reads %j as %s (V25, V26)', (fields, status) => {
    expect(readUser({ _id: 'a', ...fields }).status).toBe(status);
  });

  it('stops at a user without an id, because they could not be noted as seen', async () => {
    for (const user of ['{}', 'null', '{"_id":7}', '{"_id":""}']) {
      const text = `{"totalCount":1,"results":[${user}]}`;
      await expect(readPages(() => ({ text }))).rejects.toMatchObject({ code: 'vendor-record-unusable' });
    }
  });

  it.each([
    [
      'an empty page in the middle',
      (): VendorScript => (request, index) =>
        index === 0 ? company(250)(request, index) : { text: '{"totalCount":250,"results":[]}' },
      'read-empty-page',
    ],
    ['a list without total', (): VendorScript => () => ({ text: '{"results":[]}' }), 'vendor-answer-unexpected'],
    [
      'a limit that is refused',
      (): VendorScript => () => ({ status: 400, text: '{"message":"limit"}' }),
      'vendor-refused',
    ],
  ])('names %s', async (_, script, code) => {
    await expect(readPages(script())).rejects.toMatchObject({ code });
  });
});

describe('getUser', () => {
  const ask = (script: VendorScript) => connector.getUser(bench(script).context, { vendorId: idOf(1), username: null });

  it.each(['', '{"message":"Not Found"}', '{"code":404,"message":"user not found","status":"NOT_FOUND"}'])(
    'takes 404 with %j for gone',
    async (text) => expect((await ask(() => ({ status: 404, text }))).kind).toBe('gone'),
  );

  it.each([
    ['a 404 about the organization', { status: 404, text: '{"message":"organization not found"}' }],
    ['a 404 about the organization in other form', { status: 404, text: '{"error":"Organisation not found"}' }],
    ['a 404 about the organization in plain text', { status: 404, text: 'Organization not found' }],
    ['a 404 of a server that knows no such page', { status: 404, text: '404 page not found' }],
    ['a 404 of a proxy in plain text', { status: 404, text: 'default backend - 404' }],
    ['a 404 without words', { status: 404, text: '{}' }],
    ['another user', { text: `{"_id":"${idOf(5)}"}` }],
    ['a 400', { status: 400, text: '{"message":"bad id"}' }],
  ])('takes %s for no answer', async (_, answer) => {
    await expect(ask(() => answer)).rejects.toMatchObject({ name: 'AppError' });
  });

  it.each(['{"message":"Not Found"}', '{"error":"Not Found"}', 'Not Found', 'User not found.', ' '])(
    'takes the 404 %j for the word that the user is gone',
    async (text) => expect((await ask(() => ({ status: 404, text }))).kind).toBe('gone'),
  );

  it('sends nothing for an id that would change the address (N5)', async () => {
    for (const vendorId of ['', '.', '..', '../organizations', 'a/b']) {
      const { context, egress } = bench(company(3));
      await expect(connector.getUser(context, { vendorId, username: null })).rejects.toMatchObject({
        code: 'vendor-answer-unexpected',
      });
      expect(egress.requests).toHaveLength(0);
    }
  });
});

describe('presets (R117, P17)', () => {
  const preset = (id: string) => {
    const found = presets.find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no preset ${id}`);
    return found;
  };
  const record = {
    username: 'cy',
    email: 'cy@example.com',
    first_name: 'Cy',
    last_name: 'New',
    jump_cloud_user_id: 'ab12',
  };

  it.each([
    ['delete-user', 'DELETE', '/systemusers/ab12', null],
    ['unlock-user', 'POST', '/systemusers/ab12/unlock', null],
    ['expire-system-password', 'POST', '/systemusers/ab12/expire', null],
    ['get-user', 'GET', '/systemusers/ab12', null],
    [
      'create-user',
      'POST',
      '/systemusers',
      { username: 'cy', email: 'cy@example.com', firstname: 'Cy', lastname: 'New' },
    ],
  ])('%s sends %s %s', (id, method, path, json) => {
    expect(renderPreset(preset(id), {}, record)).toMatchObject({ method, path, json, headers: {} });
    expect(renderPreset(preset(id), { orgId: 'org1' }, record).headers).toEqual({ 'x-org-id': 'org1' });
  });

  it.each([
    ['delete-user', 'jump_cloud_user_id'],
    ['unlock-user', 'jump_cloud_user_id'],
    ['expire-system-password', 'jump_cloud_user_id'],
    ['create-user', 'username'],
    ['create-user', 'email'],
    ['create-user', 'first_name'],
    ['create-user', 'last_name'],
  ])('%s sends nothing without %s (R118, R119)', (id, variable) => {
    for (const value of ['', null, undefined]) {
      expect(() => renderPreset(preset(id), {}, { ...record, [variable]: value })).toThrow(
        expect.objectContaining({ code: 'template-value-missing' }),
      );
    }
  });

  it.each([
    ['delete-user', 200, '{"_id":"ab12"}', 'done'],
    ['delete-user', 200, '<html>Sign in</html>', 'unknown'],
    ['delete-user', 200, '{}', 'unknown'],
    ['delete-user', 404, '{"message":"Not Found"}', 'already-gone'],
    ['delete-user', 404, '{"message":"Organization not found"}', 'refused'],
    ['delete-user', 404, '<html>proxy</html>', 'unknown'],
    ['delete-user', 409, '{"message":"is a manager"}', 'refused'],
    ['delete-user', 500, '', 'unknown'],
    ['unlock-user', 200, '', 'done'],
    ['unlock-user', 200, '"ok"', 'done'],
    ['unlock-user', 404, '{"message":"Not Found"}', 'refused'],
    ['expire-system-password', 200, 'plain text', 'done'],
    ['create-user', 200, '{"_id":"ab12"}', 'done'],
    ['create-user', 400, '{"message":"User already exists"}', 'refused'],
    ['create-user', 409, '{"message":"User already exists"}', 'refused'],
    ['get-user', 200, '{"_id":"ab12"}', 'done'],
  ])('%s judges %d %s as %s', (id, status, text, outcome) => {
    expect(judgeAnswer(preset(id), { status, text }).outcome).toBe(outcome);
  });
});
