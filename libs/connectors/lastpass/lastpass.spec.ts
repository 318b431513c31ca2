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

const fixture = readFileSync(new URL('./fixtures/three-users.json', import.meta.url), 'utf8');
const authError = '<?xml version="1.0" encoding="UTF-8"?>\n<lastpass rc="Authorization Error"/>\n';
const headers = { 'content-type': 'text/xml;charset=UTF-8' };

const lease: LeaseMaterial = {
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: null,
  connector: 'lastpass',
  type: 'basic',
  baseUrl: 'https://lastpass.com',
  fields: { username: '12345678', password: 'example-provhash-7d21' },
};

interface Body {
  readonly cmd: string;
  readonly data: { readonly pagesize: number; readonly pageindex: number; readonly username?: string };
}

/** The vendor with users 449000000 …, as the facts describe its answers. */
function company(size: number): VendorScript {
  const user = (index: number) => ({
    username: `user${index}@example.com`,
    disabled: index % 7 === 3,
    admin: index === 0,
  });
  return (request) => {
    const { data } = JSON.parse(request.body ?? '') as Body;
    const wanted =
      data.username === undefined
        ? { from: data.pageindex * data.pagesize, to: (data.pageindex + 1) * data.pagesize }
        : { from: Number(/\d+/.exec(data.username)?.[0] ?? size), to: 0 };
    if (data.username !== undefined) wanted.to = wanted.from + 1;
    const users: Record<string, unknown> = {};
    for (let index = wanted.from; index < Math.min(wanted.to, size); index += 1)
      users[449_000_000 + index] = user(index);
    const count = Object.keys(users).length;
    const text = JSON.stringify({ total: size, count, Users: count === 0 ? [] : users });
    return { headers, text };
  };
}

function bench(script: VendorScript) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const budget = new CountingBudget();
  const http = createVendorHttp({ egress, budget, pacing, manifest: connector.manifest, lease: () => lease });
  return { egress, context: { http, inputs: {}, load: 'users' } };
}

async function readPages(script: VendorScript): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  for await (const page of readAllUsers(connector, bench(script).context)) pages.push(page);
  return pages;
}

const reference = (id: number, username: string | null) => ({ vendorId: String(id), username });

describe('conformance', () => {
  const cases = conformanceCases({
    connector,
    lease,
    company,
    pageSize: 500,
    authRejected: { headers, text: authError },
    present: reference(449_000_002, 'user2@example.com'),
    missing: reference(449_000_002, 'nobody@example.com'),
  });
  for (const { title, run } of cases) it(title, run);
});

describe('requests', () => {
  it('puts account number and provisioning hash into the body', async () => {
    const { context, egress } = bench(company(3));
    await connector.check(context);
    const [request] = egress.requests;
    expect(request).toMatchObject({ method: 'POST', url: 'https://lastpass.com/enterpriseapi.php' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      cid: 12_345_678,
      provhash: 'example-provhash-7d21',
      cmd: 'getuserdata',
      data: { pagesize: 1, pageindex: 0 },
    });
    expect(request?.headers).not.toHaveProperty('authorization');
  });
});

describe('credentials', () => {
  const send = async (type: LeaseMaterial['type'], fields: Record<string, string>) => {
    const egress = new ScriptedEgress(company(1));
    const http = createVendorHttp({
      egress,
      budget: new CountingBudget(),
      manifest: connector.manifest,
      lease: () => ({ ...lease, type, fields }),
    });
    await connector.check({ http, inputs: {}, load: 'users' });
    return JSON.parse(egress.requests[0]!.body!) as object;
  };
  const wanted = { cid: 77, provhash: 'example-hash-12' };

  it.each([
    ['as user name and password', 'basic', { username: '77', password: 'example-hash-12' }],
    [
      'beside user name and password',
      'basic',
      { username: 'ada', password: ' ', cid: '77', provhash: 'example-hash-12' },
    ],
    ['alone', 'api-key', { cid: '77', provhash: 'example-hash-12' }],
  ] as const)('hold account number and hash %s', async (_, type, fields) => {
    expect(await send(type, fields)).toMatchObject(wanted);
  });
});

describe('users', () => {
  it('reads status, last login in US Eastern, administrators and the default role', async () => {
    const [page] = await readPages(() => ({ headers, text: fixture }));
    const users = page?.users.map(({ raw: _, ...user }) => user);
    const role = { value: 'Users', origin: 'default' };
    expect(users).toEqual([
      {
        id: '449000101',
        status: 'active',
        role,
        lastActivityAt: '2024-06-21T21:58:11.000Z',
        administrator: true,
        username: 'ada.admin@example.com',
      },
      {
        id: '449000102',
        status: 'inactive',
        role,
        // 02:30 on that day was skipped by the clocks, so it is no time that can be trusted (V25).
        lastActivityAt: null,
        administrator: false,
        username: 'ben.blocked@example.com',
      },
      {
        id: '449000103',
        status: 'active',
        role,
        lastActivityAt: null,
        administrator: false,
        username: 'cy.invited@example.com',
      },
    ]);
  });

  it('keeps the record as the vendor wrote it', async () => {
    const [page] = await readPages(() => ({ text: fixture }));
    expect(page?.users[0]?.raw).toEqual((JSON.parse(fixture) as { Users: object }).Users['449000101' as never]);
  });

  it.each([1, 0, '1', 'true', null, undefined, {}])('never reads disabled = %j as inactive (V25)', (disabled) => {
    expect(readUser('1', { disabled }).status).toBe('unknown');
  });

  it('notes a user whose record is broken, so that they are not missing', () => {
    expect(readUser('1', null)).toMatchObject({ id: '1', status: 'unknown', username: null, raw: {} });
  });

  it.each(['', '   ', '\u00a0', '\u200b'])(
    'takes the name %j for none, and the mark of the record counts',
    (username) => {
      expect(readUser('1', { disabled: true, username })).toMatchObject({ status: 'inactive', username: null });
    },
  );

  it('reads an empty company, whose map is a list', async () => {
    const pages = await readPages(() => ({ text: '{"total":0,"count":0,"Users":[]}' }));
    expect(pages).toHaveLength(1);
    expect(pages[0]?.users).toEqual([]);
  });

  it.each([
    ['half of the map is gone (V11)', '{"total":4,"count":2,"Users":{"1":{"disabled":false},"2":{"disabled":false}}}'],
    [
      'an id stood twice on the page (N3)',
      '{"total":2,"count":2,"Users":{"1":{"disabled":false},"1":{"disabled":true}}}',
    ],
    ['the page is not full', '{"total":900,"count":1,"Users":{"1":{"disabled":false}}}'],
  ])('says that the count is wrong when %s', async (_, text) => {
    await expect(readPages(() => ({ text }))).rejects.toMatchObject({ code: 'read-count-mismatch', retriable: true });
  });

  it.each(['{"Users":[]}', '{"total":"5","Users":{}}', '{"total":1,"Users":[{"username":"a"}]}', '{"total":1}'])(
    'does not take %s for a listing',
    async (text) => {
      await expect(readPages(() => ({ text }))).rejects.toMatchObject({ code: 'vendor-answer-unexpected' });
    },
  );

  it("names the vendor's words when it fails with 200 (V8)", async () => {
    const texts = ['{"status":"FAIL","error":"limit hit"}', '{"status":"WARN","errors":["limit hit"]}'];
    for (const text of texts) {
      await expect(readPages(() => ({ text }))).rejects.toMatchObject({
        code: 'vendor-refused',
        message: 'LastPass refused the request: "limit hit".',
      });
    }
  });
});

describe('getUser (P16)', () => {
  it('says gone when the name now belongs to another id', async () => {
    const { context } = bench(company(3));
    expect(await connector.getUser(context, reference(1, 'user2@example.com'))).toEqual({
      kind: 'gone',
      text: 'The name user2@example.com now belongs to the LastPass user with id 449000002, not 1.',
    });
  });

  it('does not guess without a name, with several users, or with another name', async () => {
    const several = '{"Users":{"1":{"username":"a@example.com"},"2":{"username":"b@example.com"}}}';
    const other = '{"Users":{"1":{"username":"b@example.com"}}}';
    for (const name of [null, '   ', '\u200b']) {
      await expect(connector.getUser(bench(company(3)).context, reference(1, name))).rejects.toMatchObject({
        code: 'vendor-refused',
      });
    }
    for (const text of [several, other]) {
      const { context } = bench(() => ({ text }));
      await expect(connector.getUser(context, reference(1, 'a@example.com'))).rejects.toMatchObject({
        code: 'vendor-answer-unexpected',
      });
    }
  });
});

describe('presets (R115, P17)', () => {
  const preset = (id: string) => {
    const found = presets.find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no preset ${id}`);
    return found;
  };

  it.each([
    ['deactivate-user', 'deluser', { deleteaction: 0 }],
    ['delete-user', 'deluser', { deleteaction: 2 }],
    ['master-password-change', 'requiremasterpasswordchange', {}],
    ['re-invite-user', 'reinviteuser', {}],
    ['reset-password', 'resetpassword', {}],
  ])('%s sends %s', (id, cmd, data) => {
    const call = renderPreset(preset(id), {}, { username: 'ada@example.com' });
    expect(call).toMatchObject({ method: 'POST', path: '/enterpriseapi.php', headers: {} });
    expect(call.json).toEqual({ cmd, data: { username: 'ada@example.com', ...data } });
  });

  it.each([
    ['delete-user', '{"status":"OK"}', 'done'],
    ['delete-user', '{"status":"FAIL","error":"No such user: a@example.com"}', 'already-gone'],
    ['deactivate-user', '{"status":"FAIL","error":["user not found: a@example.com"]}', 'already-gone'],
    ['delete-user', '{"status":"WARN","errors":["a@example.com does not exist"]}', 'already-gone'],
    ['delete-user', '{"status":"WARN","errors":["partly"]}', 'unknown'],
    ['delete-user', '{"status":"FAIL","error":"not allowed"}', 'refused'],
    ['delete-user', authError, 'unknown'],
    ['delete-user', '', 'unknown'],
    ['delete-user', '{}', 'unknown'],
    ['reset-password', '{"status":"FAIL","error":["user not found: a@example.com"]}', 'refused'],
    ['reset-password', '{"status":"success"}', 'done'],
  ])('%s judges %s as %s', (id, text, outcome) => {
    expect(judgeAnswer(preset(id), { status: 200, text }).outcome).toBe(outcome);
  });
});
