import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import {
  conformanceCases,
  CountingBudget,
  createVendorHttp,
  isWorthRefetching,
  ManualPacing,
  readAllUsers,
  ScriptedEgress,
  type UserPage,
  type VendorScript,
} from '@rollcall/connector-kit';
import { type LeaseMaterial } from '@rollcall/contracts';

import { connector } from './index.js';
import { readUser } from './users.js';

const fixture = readFileSync(new URL('./fixtures/two-members.json', import.meta.url), 'utf8');

const lease: LeaseMaterial = {
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: 1,
  connector: 'ironclad-clickwrap',
  type: 'oauth2-client-credentials',
  baseUrl: 'https://api.pactsafe.com/v1.1',
  fields: { accessToken: 'example-access-token-7c1d' },
};

const page = (data: readonly unknown[], more: object = {}) => ({
  text: JSON.stringify({ count: data.length, has_more: false, page: 1, per_page: 100, data, ...more }),
});

/** The vendor with members 5000 …, as the facts describe its answers; its sites belong to account 7. */
function company(size: number): VendorScript {
  return (request) => {
    const url = new URL(request.url);
    if (url.pathname.endsWith('/sites')) return page([{ id: 1, account: 7 }], { total_count: 1 });
    const [number, perPage] = ['page', 'per_page'].map((name) => Number(url.searchParams.get(name))) as [
      number,
      number,
    ];
    const start = (number - 1) * perPage;
    const end = Math.min(start + perPage, size);
    const data = Array.from({ length: Math.max(0, end - start) }, (_, index) => ({
      id: 5000 + start + index,
      email: `user${start + index}@example.com`,
      verified: index % 7 !== 3,
    }));
    return page(data, { page: number, per_page: perPage, total_count: size, has_more: end < size });
  };
}

function bench(script: VendorScript, inputs: Record<string, string> = {}, material = lease) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const budget = new CountingBudget();
  const http = createVendorHttp({ egress, budget, pacing, manifest: connector.manifest, lease: () => material });
  return { egress, context: { http, inputs, load: 'users' } };
}

async function readPages(script: VendorScript, inputs?: Record<string, string>): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  for await (const one of readAllUsers(connector, bench(script, inputs).context)) pages.push(one);
  return pages;
}

const failureOf = (script: VendorScript, inputs: Record<string, string> = { accountId: '7' }) =>
  readPages(script, inputs).then(
    () => null,
    (error: unknown) => error,
  );

describe('conformance', () => {
  const cases = conformanceCases({
    connector,
    lease,
    company,
    inputs: { accountId: '7' },
    pageSize: 100,
    authRejected: { status: 401, text: '{"message":"The requester is unauthorized."}' },
    present: { vendorId: '5002', username: 'user2@example.com' },
    missing: { vendorId: '9999', username: 'nobody@example.com' },
  });
  for (const { title, run } of cases) it(title, run);
});

describe('requests', () => {
  it('find the account through the sites, then list its members from page 1', async () => {
    const { context, egress } = bench(company(150));
    for await (const one of readAllUsers(connector, context)) expect(one.total).toBe(150);
    expect(egress.requests.map(({ url }) => url.replace('https://api.pactsafe.com/v1.1', ''))).toEqual([
      '/sites?page=1&per_page=100',
      '/accounts/7/members?page=1&per_page=100',
      '/accounts/7/members?page=2&per_page=100',
    ]);
    expect(egress.requests[0]?.headers).toMatchObject({ authorization: 'Bearer example-access-token-7c1d' });
  });

  it('ask nothing of the sites when the account is given', async () => {
    const { context, egress } = bench(company(1), { accountId: ' 12 ' });
    await connector.check(context);
    expect(egress.requests.map(({ url }) => url)).toEqual([
      'https://api.pactsafe.com/v1.1/accounts/12/members?page=1&per_page=1',
    ]);
  });

  it('carry a static access token too', async () => {
    const fields = { accessToken: 'example-static-token-11' };
    const { context, egress } = bench(company(1), { accountId: '7' }, { ...lease, type: 'bearer', fields });
    await connector.check(context);
    expect(egress.requests[0]?.headers).toMatchObject({ authorization: 'Bearer example-static-token-11' });
  });
});

describe('the account', () => {
  const sites =
    (...pages: object[]): VendorScript =>
    (request, index) =>
      request.url.includes('/sites') ? page([], pages[index] ?? {}) : company(1)(request, index);

  it('is found on any page of the sites', async () => {
    const first = { data: [{ id: 1, account: 7 }], count: 1, has_more: true };
    const second = { data: [{ id: 2, account: 7 }], count: 1, page: 2 };
    expect(await readPages(sites(first, second))).toHaveLength(1);
  });

  it.each([
    ['none is seen', { data: [], count: 0 }, 'no site'],
    ['several are seen', { data: [{ account: 7 }, { account: 9 }], count: 2 }, '7, 9'],
  ])('must be named when %s, and the message says so', async (_, body, words) => {
    expect(await failureOf(sites(body), {})).toMatchObject({
      code: 'vendor-refused',
      message: expect.stringMatching(new RegExp(`${words}[^]*Account ID`)),
    });
  });

  it.each([{ account: 'x' }, { account: null }, {}, 7, { account: 1.5 }])('is not guessed from %j', async (site) => {
    expect(await failureOf(sites({ data: [site], count: 1 }), {})).toMatchObject({ code: 'vendor-answer-unexpected' });
  });

  it.each([
    ['', 0],
    ['4711', 0],
    [' 12 ', 0],
    ['acme', 1],
    ['1/2', 1],
    ['-3', 1],
    ['../sites', 1],
  ])('as the input %j has %d problems', (accountId, count) => {
    expect(connector.inputProblems?.('users', { accountId })).toHaveLength(count);
  });
});

describe('the manifest', () => {
  it('has the nine fields of R81', () => {
    const { fields, trackingLabels } = connector.manifest;
    const labels = [...fields.map(({ label }) => label), trackingLabels.syncTime, trackingLabels.credentialName];
    expect(labels.sort()).toEqual(
      [
        'Connect: Credentials',
        'Connector Sync Time',
        'Email',
        'Locale',
        'Name',
        'Time Zone',
        'User Id',
        'Verified',
        'Verified Time',
      ].sort(),
    );
  });
});

describe('users', () => {
  it('are active because they are listed, and have no role', async () => {
    const [first] = await readPages(() => ({ text: fixture }), { accountId: '7' });
    expect(first?.users.map(({ raw: _, ...user }) => user)).toEqual(
      [
        ['5201', 'ada.admin@example.com'],
        ['5202', 'cy.invited@example.com'],
      ].map(([id, username]) => ({
        id,
        username,
        status: 'active',
        role: null,
        lastActivityAt: null,
        administrator: false,
      })),
    );
  });

  it.each([-1, 1.5, 2 ** 53, '007', ' 7', '', null, undefined, {}, '7a', true])('refuse the id %j (V23)', (id) => {
    expect(() => readUser({ id })).toThrow(expect.objectContaining({ code: 'vendor-record-unusable' }));
  });

  it('keep ids that are too large for a number, digit by digit (V23)', async () => {
    const ids = ['9007199254740992', '9007199254740993'];
    const [first] = await readPages(
      () => {
        const { text = '' } = page(
          ids.map((id) => ({ id, email: `${id}@example.com` })),
          { total_count: 2 },
        );
        return { text: text.replace(/"id":"(\d+)"/g, '"id":$1') };
      },
      { accountId: '7' },
    );
    expect(first?.users.map(({ id }) => id)).toEqual(ids);
  });

  it('cannot be asked for one by one, and nobody is called gone for it', async () => {
    const { context } = bench(company(3));
    await expect(connector.getUser(context, { vendorId: '5001', username: null })).rejects.toMatchObject({
      code: 'vendor-refused',
    });
  });
});

describe('a refusal', () => {
  it.each([
    [
      { error: { message: 'per_page must be at most 100.', status: 400, name: 'BadRequest', code: 'bad_request' } },
      ': "per_page must be at most 100."',
    ],
    [{ message: 'Bad request.' }, ': "Bad request."'],
    [{ error: 'invalid_client', error_description: 'invalid client' }, ': "invalid client"'],
    [{ error: 'nope' }, ': "nope"'],
    [{ error: { code: 7 } }, ''],
  ])('%j shows the words of the vendor', async (body, words) => {
    const error = await failureOf(() => ({ status: 400, text: JSON.stringify(body) }));
    expect(error).toMatchObject({
      code: 'vendor-refused',
      message: `Ironclad Clickwrap refused the request with status 400${words}.`,
    });
  });
});

describe('the manifest for whoever connects it', () => {
  it('offers the access token first, because the address of tokens for this API is not known', () => {
    const [first, second] = connector.manifest.authSchemes;
    expect(first?.type).toBe('bearer');
    expect(second).toMatchObject({ type: 'oauth2-client-credentials', label: expect.stringContaining('experimental') });
  });

  it('stays below the 2000 requests a minute that a token may make', () => {
    const { capacity, perSecond } = connector.manifest.rateBudget;
    expect(capacity + 60 * perSecond).toBeLessThanOrEqual(2000);
  });
});

describe('a listing', () => {
  const member = { id: 1, email: 'a@example.com' };
  it.each([
    ['leaves has_more out', { has_more: undefined }, 'vendor-answer-unexpected'],
    ['says has_more in a text', { has_more: 'false' }, 'vendor-answer-unexpected'],
    ['is another page', { page: 2 }, 'vendor-answer-unexpected'],
    ['leaves the total out', { total_count: undefined }, 'vendor-answer-unexpected'],
    ['counts in words', { total_count: 'one' }, 'vendor-answer-unexpected'],
    ['counts wrong on the page', { count: 2 }, 'read-count-mismatch'],
    ['ends before its total (V11)', { total_count: 2 }, 'read-count-mismatch'],
    ['goes on behind its total', { has_more: true }, 'read-count-mismatch'],
  ])('is not complete when it %s', async (_, change, code) => {
    const error = await failureOf(() => page([member], { total_count: 1, ...change }));
    expect(error).toMatchObject({ code });
    expect(isWorthRefetching(error)).toBe(code === 'read-count-mismatch');
  });
});
