import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import {
  conformanceCases,
  CountingBudget,
  createVendorHttp,
  describeVendorError,
  isWorthRefetching,
  ManualPacing,
  readAllUsers,
  type ScriptedAnswer,
  ScriptedEgress,
  type UserPage,
  type VendorError,
  type VendorScript,
} from '@rollcall/connector-kit';
import { type LeaseMaterial } from '@rollcall/contracts';

import { connector } from './index.js';
import { manifest } from './manifest.js';
import { readUser } from './users.js';

const fixture = readFileSync(new URL('./fixtures/two-users.json', import.meta.url), 'utf8');
const idOf = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
const origin = 'https://graph.microsoft.com';

/** The source's own example (R58). */
const example = "employeeType in ('Admin', 'Staff', 'Faculty', 'Contingent Workers', 'EmpStudent')";

const lease: LeaseMaterial = {
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: 1,
  connector: 'entra',
  type: 'oauth2-client-credentials',
  baseUrl: origin,
  fields: { accessToken: 'example-access-token-51c7' },
};

function graphError(status: number, code: string, message: string, inner = 'innerError'): ScriptedAnswer {
  const trace = { date: '2024-02-07T11:16:48', 'request-id': 'e3fb1e77', 'client-request-id': '301bf2a3' };
  return { status, text: JSON.stringify({ error: { code, message, [inner]: trace } }) };
}

const notFound = graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.');
const badFilter = graphError(400, 'BadRequest', 'Invalid filter clause');

const user = (index: number, fields: object = {}) => ({
  id: idOf(index),
  accountEnabled: index % 7 !== 3,
  userPrincipalName: `user${index}@example.com`,
  mail: `user${index}@example.com`,
  ...fields,
});

interface Listed {
  readonly value: readonly unknown[];
  readonly next?: string;
  readonly count?: number;
}

const list = ({ value, next, count }: Listed): ScriptedAnswer => ({
  text: JSON.stringify({
    '@odata.context': `${origin}/v1.0/$metadata#users`,
    ...(count === undefined ? {} : { '@odata.count': count }),
    ...(next === undefined ? {} : { '@odata.nextLink': next }),
    value,
  }),
});

const linkTo = (token: string): string =>
  `${origin}/v1.0/users?$select=id,mail&$top=999&$count=true&$skiptoken=${token}`;

/** The vendor with users idOf(0) …, as the facts describe its answers. */
function company(size: number): VendorScript {
  return (request) => {
    const url = new URL(request.url);
    const single = /\/users\/0{8}-0000-4000-8000-([0-9a-f]{12})$/.exec(url.pathname)?.[1];
    if (single !== undefined) {
      const index = parseInt(single, 16);
      return index < size ? { text: JSON.stringify(user(index)) } : notFound;
    }
    const token = url.searchParams.get('$skiptoken');
    const start = Number(token ?? 0);
    const end = Math.min(start + Number(url.searchParams.get('$top')), size);
    return list({
      value: Array.from({ length: Math.max(0, end - start) }, (_, index) => user(start + index)),
      next: end < size ? linkTo(String(end)) : undefined,
      count: token === null ? size : undefined,
    });
  };
}

function bench(script: VendorScript, { load = 'users', inputs = {} as Record<string, string> } = {}) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const budget = new CountingBudget();
  const http = createVendorHttp({ egress, budget, pacing, manifest, lease: () => lease });
  return { egress, pacing, context: { http, inputs, load } };
}

const filtering = (filter: string) => ({ load: 'users-with-filtering', inputs: { filter } });

async function readPages(script: VendorScript, options = {}): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  for await (const page of readAllUsers(connector, bench(script, options).context)) pages.push(page);
  return pages;
}

async function failureOf(work: Promise<unknown>): Promise<VendorError> {
  return work.then(
    () => Promise.reject(new Error('expected a failure')),
    (reason: unknown) => reason as VendorError,
  );
}

const filterSent = (url: string): string | null => new URL(url).searchParams.get('$filter');

describe('conformance', () => {
  const cases = conformanceCases({
    connector,
    lease,
    company,
    pageSize: 999,
    authRejected: graphError(
      401,
      'InvalidAuthenticationToken',
      'CompactToken parsing failed with error code: 80049217',
    ),
    present: { vendorId: idOf(2), username: 'user2@example.com' },
    missing: { vendorId: idOf(99), username: 'user99@example.com' },
  });
  for (const { title, run } of cases) it(title, run);
});

describe('requests', () => {
  it('asks for every field by name and follows the next link as it is, with its header on every page', async () => {
    const { context, egress } = bench(company(1500));
    for await (const page of readAllUsers(connector, context)) expect(page.total).toBeNull();
    const [first, second] = egress.requests;
    const { origin: host, pathname, searchParams } = new URL(first?.url ?? '');
    expect(`${host}${pathname}`).toBe('https://graph.microsoft.com/v1.0/users');
    expect(Object.fromEntries(searchParams)).toEqual({
      $select: manifest.fields.map(({ path }) => path).join(','),
      $top: '999',
      $count: 'true',
    });
    expect(second?.url).toBe(linkTo('999'));
    for (const request of egress.requests) {
      expect(request).toMatchObject({
        method: 'GET',
        headers: { authorization: 'Bearer example-access-token-51c7', consistencylevel: 'eventual' },
      });
      expect(request.body).toBeUndefined();
    }
  });

  it('waits for the decimal seconds that the vendor asks for (V1)', async () => {
    const limited: ScriptedAnswer = { status: 429, headers: { 'retry-after': '2.128' } };
    const { context, pacing } = bench((request, index) => (index === 0 ? limited : company(3)(request, index)));
    await connector.check(context);
    expect(pacing.slept).toEqual([2128]);
  });
});

describe('listing', () => {
  const script =
    (...answers: ScriptedAnswer[]): VendorScript =>
    (_, index) =>
      answers[index] ?? {};

  it('goes over an empty page that names a next one', async () => {
    const pages = await readPages(
      script(
        list({ value: [user(0)], next: linkTo('a'), count: 2 }),
        list({ value: [], next: linkTo('b') }),
        list({ value: [user(1)] }),
      ),
    );
    expect(pages.map(({ users, last }) => [users.length, last])).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  it('ends a listing whose last page is empty', async () => {
    const pages = await readPages(script(list({ value: [user(0)], next: linkTo('a') }), list({ value: [] })));
    expect(pages.map(({ users, last }) => [users.length, last])).toEqual([
      [1, false],
      [0, true],
    ]);
  });

  it('stops at empty pages without an end (V13)', async () => {
    const endless: VendorScript = (_, index) => list({ value: [], next: linkTo(String(index)) });
    expect((await failureOf(readPages(endless))).code).toBe('read-empty-page');
  });

  it('stops at a next page that was read before, whatever stands on the pages (V13)', async () => {
    const cycle: VendorScript = (_, index) => list({ value: [user(index)], next: linkTo(index % 2 === 0 ? 'a' : 'b') });
    const { egress, context } = bench(cycle);
    const read = async () => {
      for await (const page of readAllUsers(connector, context)) expect(page.users).toHaveLength(1);
    };
    expect((await failureOf(read())).code).toBe('read-page-repeated');
    expect(egress.requests).toHaveLength(3);
  });

  it.each([
    ['another host', 'https://graph.example.com/v1.0/users?$skiptoken=a'],
    ['another port', 'https://graph.microsoft.com:8443/v1.0/users?$skiptoken=a'],
    ['another scheme', 'http://graph.microsoft.com/v1.0/users?$skiptoken=a'],
    ['an internal address', 'https://127.0.0.1/v1.0/users?$skiptoken=a'],
    ['other data', 'https://graph.microsoft.com/v1.0/groups?$skiptoken=a'],
    ['another tenant', 'https://graph.microsoft.com/v1.0/other.example/users?$skiptoken=a'],
    ['a relative address', '/v1.0/users?$skiptoken=a'],
    ['no text', 7],
    ['nothing', ''],
  ])('does not follow a next link to %s (V22)', async (_, next) => {
    const { egress, context } = bench(() => list({ value: [user(0)], next: next as string }));
    const read = async () => {
      for await (const page of readAllUsers(connector, context)) expect(page.last).toBe(false);
    };
    expect((await failureOf(read())).code).toBe('vendor-foreign-cursor');
    expect(egress.requests).toHaveLength(1);
  });

  it.each([
    ['half of the page is gone (V11)', 240, 120],
    ['nobody is listed (V12)', 1000, 0],
    ['more users come than there are', 7, 240],
  ])('says that the count is wrong when %s', async (_, count, users) => {
    const value = Array.from({ length: users }, (_one, index) => user(index));
    const error = await failureOf(readPages(() => list({ value, count })));
    expect(error.code).toBe('read-count-mismatch');
    expect(isWorthRefetching(error)).toBe(true);
  });

  it('bears a count that lags a little behind (V16)', async () => {
    const value = Array.from({ length: 240 }, (_one, index) => user(index));
    expect(await readPages(() => list({ value, count: 243 }))).toHaveLength(1);
    await expect(readPages(() => list({ value, count: 244 }))).rejects.toMatchObject({ code: 'read-count-mismatch' });
  });

  it('reads an empty company, and lists whose count is left out', async () => {
    expect((await readPages(() => list({ value: [], count: 0 })))[0]?.users).toEqual([]);
    expect((await readPages(() => list({ value: [user(0)] })))[0]?.users).toHaveLength(1);
  });

  it.each(['"2"', '-1', '1.5', 'null'])('does not take %s for a count', async (count) => {
    const text = `{"@odata.count":${count},"value":[]}`;
    await expect(readPages(() => ({ text }))).rejects.toMatchObject({ code: 'vendor-answer-unexpected' });
  });
});

describe('users', () => {
  it('reads members and guests, without role and last activity', async () => {
    const [page] = await readPages(() => ({ text: fixture }));
    const users = page?.users.map(({ raw: _, ...one }) => one);
    const empty = { role: null, lastActivityAt: null, administrator: false };
    expect(users).toEqual([
      {
        id: '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0',
        status: 'active',
        username: 'ada.admin@example.com',
        ...empty,
      },
      {
        id: '4562bcc8-c436-4f95-b7c0-4f8ce89dca5e',
        status: 'inactive',
        username: 'gus_partner.example#EXT#@example.onmicrosoft.com',
        ...empty,
      },
    ]);
    expect(page?.users[0]?.raw).toEqual((JSON.parse(fixture) as { value: object[] }).value[0]);
  });

  it.each([0, 1, 'false', 'true', null, undefined, {}])(
    'never reads accountEnabled = %j as inactive (V25, V26)',
    (value) => {
      expect(readUser({ id: 'a', accountEnabled: value }).status).toBe('unknown');
    },
  );

  it('stops at a user without an id, because they could not be noted as seen', async () => {
    for (const value of [{}, null, { id: 7 }, { id: '' }]) {
      const error = await failureOf(readPages(() => list({ value: [value] })));
      expect(error.code).toBe('vendor-record-unusable');
      expect(error.message).toMatch(/in "id"\. It was record 1 of page 1 of the list\.$/);
    }
  });
});

describe('filter (R56 to R59)', () => {
  it.each([
    ['the load without filtering', { load: 'users', inputs: { filter: example } }],
    ['the word Default', filtering('Default')],
    ['Default between spaces', filtering('  Default ')],
    ['an empty filter', filtering('  ')],
    ['no filter', { load: 'users-with-filtering', inputs: {} }],
  ])('sends none for %s', async (_, options) => {
    const { egress, context } = bench(company(3), options);
    await connector.check(context);
    expect(new URL(egress.requests[0]?.url ?? '').searchParams.has('$filter')).toBe(false);
  });

  it.each([
    example,
    `  ${example} `,
    "surname eq 'O''Brien & Søn + 1%'",
    "startsWith(displayName, 'a') and not (city eq 'b')",
  ])('sends %j as typed, encoded once, when it is tried and when users are listed', async (filter) => {
    const { egress, context } = bench(company(3), filtering(filter));
    await connector.check(context);
    for await (const page of readAllUsers(connector, context)) expect(page.last).toBe(true);
    expect(egress.requests.map(({ url }) => filterSent(url))).toEqual([filter.trim(), filter.trim()]);
    for (const { url, headers } of egress.requests) {
      expect(new URL(url).searchParams.get('$count')).toBe('true');
      expect(headers).toMatchObject({ consistencylevel: 'eventual' });
    }
    expect(connector.inputProblems?.('users-with-filtering', { filter })).toEqual([]);
  });

  it("reports a bad filter with the vendor's own words, and never as an empty run (R59)", async () => {
    const { context } = bench(() => badFilter, filtering('nonsense'));
    const tried = await failureOf(connector.check(context));
    const read = await failureOf(readPages(() => badFilter, filtering('nonsense')));
    for (const error of [tried, read]) {
      expect(error).toMatchObject({
        code: 'vendor-refused',
        message: 'Microsoft Entra ID refused the request with status 400: "Invalid filter clause".',
        details: { status: 400, code: 'BadRequest', requestId: 'e3fb1e77' },
      });
    }
    expect(describeVendorError(tried)).toContain("Correct what the vendor's words name");
  });
});

describe('getUser', () => {
  const ask = (script: VendorScript, options = {}, index = 1) =>
    connector.getUser(bench(script, options).context, { vendorId: idOf(index), username: null });

  it.each([
    ['a 404 of another kind', graphError(404, 'UnknownError', 'no such thing')],
    ['a 404 without words', { status: 404, text: '{}' }],
    ['another user', { text: JSON.stringify(user(5)) }],
    ['a 400', graphError(400, 'Request_BadRequest', 'bad id')],
  ])('takes %s for no answer', async (_, answer) => {
    await expect(ask(() => answer)).rejects.toMatchObject({ name: 'AppError' });
  });

  it('sends nothing for an id that would change the address (N5)', async () => {
    for (const vendorId of ['', '.', '..', '../groups', 'a/b']) {
      const { context, egress } = bench(company(3));
      await expect(connector.getUser(context, { vendorId, username: null })).rejects.toMatchObject({
        code: 'vendor-answer-unexpected',
      });
      expect(egress.requests).toHaveLength(0);
    }
  });

  /** Answers by id with the user, and to a filter with those for whom `passes` holds. */
  const withFilter =
    (one: { id: string }, passes: (filter: string) => boolean): VendorScript =>
    ({ url }) => {
      const filter = filterSent(url);
      if (filter === null) return { text: JSON.stringify(one) };
      return list({ value: passes(filter) ? [one] : [] });
    };
  const self = `id eq '${idOf(1)}'`;
  const filter = "city eq 'Bonn' or city eq 'Ulm'";

  it('finds a user whom the filter of the load lets through', async () => {
    const answer = await ask(
      withFilter(user(1), (text) => text === `${self} and (${filter})`),
      filtering(filter),
    );
    expect(answer.kind).toBe('found');
  });

  it('says gone for a user whom the filter does not let through, if the listing knows them', async () => {
    const answer = await ask(
      withFilter(user(1), (text) => text === self),
      filtering(filter),
    );
    expect(answer).toMatchObject({ kind: 'gone', text: expect.stringContaining('filter') as unknown });
  });

  it('does not ask about the filter for a user who is gone or inactive', async () => {
    const refuses = (text: string) => {
      throw new Error(`nobody expected ${text}`);
    };
    const inactive = await ask(withFilter(user(3), refuses), filtering(filter), 3);
    expect(inactive).toMatchObject({ kind: 'found', user: { status: 'inactive' } });
    expect((await ask(() => notFound, filtering(filter))).kind).toBe('gone');
  });

  it.each<[string, VendorScript]>([
    ['the listing does not know them', withFilter(user(1), () => false)],
    ['the filter is refused', ({ url }) => (filterSent(url) === null ? { text: JSON.stringify(user(1)) } : badFilter)],
    [
      'the listing gives another user',
      ({ url }) => (filterSent(url) === null ? { text: JSON.stringify(user(1)) } : list({ value: [user(2)] })),
    ],
    [
      'the listing gives an empty page that is not the last',
      ({ url }) =>
        filterSent(url) === null ? { text: JSON.stringify(user(1)) } : list({ value: [], next: linkTo('a') }),
    ],
  ])('does not guess about the filter when %s', async (_, script) => {
    await expect(ask(script, filtering(filter))).rejects.toMatchObject({ name: 'AppError' });
  });
});

describe('errors', () => {
  it.each([
    [graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges.'), 'vendor-forbidden'],
    [{ status: 501, text: '{}' }, 'vendor-unavailable'],
    [graphError(404, 'UnknownError', 'no such thing'), 'vendor-refused'],
    [{ text: '{"value":{}}' }, 'vendor-answer-unexpected'],
  ])('names %j', async (answer, code) => {
    await expect(readPages(() => answer)).rejects.toMatchObject({ code });
  });

  it('reads the trace of an error however the vendor spells it', async () => {
    for (const spelling of ['innerError', 'innererror']) {
      const answer = graphError(400, 'Request_BadRequest', 'no', spelling);
      await expect(connector.check(bench(() => answer).context)).rejects.toMatchObject({
        details: { status: 400, code: 'Request_BadRequest', requestId: 'e3fb1e77' },
      });
    }
  });

  it('has no words to show for a refusal in another form', async () => {
    const page = { status: 400, text: '<html>Bad Request</html>' };
    await expect(connector.check(bench(() => page).context)).rejects.toMatchObject({
      code: 'vendor-refused',
      message: 'Microsoft Entra ID refused the request with status 400.',
      details: { status: 400, code: null, requestId: null },
    });
  });
});
