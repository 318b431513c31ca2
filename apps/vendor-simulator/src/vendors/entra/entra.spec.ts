import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../../simulator.js';

type User = Record<string, unknown> & { id: string };
interface Page {
  '@odata.context': string;
  '@odata.count'?: number;
  '@odata.nextLink'?: string;
  value: User[];
}

let simulator: Simulator;
let token: string;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test', vendors: ['lastpass', 'jumpcloud', 'entra'] });
  token = await newToken();
});
afterEach(() => simulator.stop());

async function newToken(): Promise<string> {
  const { tenantId, clientId, clientSecret } = simulator.credentials.entra;
  const reply = await fetch(`${simulator.urls.entra}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://graph.microsoft.com/.default',
      grant_type: 'client_credentials',
    }),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}

/** @param path below `/v1.0`, or a whole URL as links are */
async function call(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const url = path.startsWith('http') ? path : `${simulator.urls.entra}/v1.0${path}`;
  const reply = await fetch(url, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
  const text = await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json');
  return { status: reply.status, headers: reply.headers, text, body: isJson ? (JSON.parse(text) as unknown) : null };
}

const eventual = { consistencylevel: 'eventual' };
const list = async (query = '', headers = {}) => (await call(`/users${query}`, headers)).body as Page;
const refused = (status: number, code: string, message: string | RegExp) => ({
  status,
  body: { error: { code, message: typeof message === 'string' ? message : expect.stringMatching(message) } },
});
const accounts = () => simulator.control.company().vendors.entra?.accounts ?? [];

async function readAll(query: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | undefined = `/users${query}`; next !== undefined; next = pages.at(-1)?.['@odata.nextLink']) {
    pages.push((await call(next, eventual)).body as Page);
  }
  return pages;
}

describe('Graph authorization', () => {
  it('wants a token that was given out', async () => {
    const denied = (message: RegExp) => refused(401, 'InvalidAuthenticationToken', message);
    expect(await call('/users', { authorization: '' })).toMatchObject(denied(/empty/));
    expect(await call('/users', { authorization: 'Bearer test-wrong' })).toMatchObject(denied(/80049217$/));
    const reply = await call('/organization', { authorization: 'Basic dGVzdDp0ZXN0' });
    expect(reply).toMatchObject(denied(/empty/));
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  it('knows many tokens at once', async () => {
    const first = token;
    token = await newToken();
    expect(token).not.toBe(first);
    expect((await call('/users', { authorization: `Bearer ${first}` })).status).toBe(200);
    expect((await call('/users')).status).toBe(200);
  });

  it('tells a request by its own id and by that of the client', async () => {
    const reply = await call('/users/nobody', { 'client-request-id': 'test-client-request' });
    const { innerError } = (reply.body as { error: { innerError: Record<string, string> } }).error;
    expect(innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as unknown,
      'request-id': reply.headers.get('request-id'),
      'client-request-id': 'test-client-request',
    });
  });

  it('lets the application read and nothing else', async () => {
    const denied = refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
    expect(await call('/users', {}, 'POST')).toMatchObject(denied);
    expect(await call(`/users/${accounts()[0]?.id}`, {}, 'DELETE')).toMatchObject(denied);
    expect(await call('/users?$select=signInActivity')).toMatchObject(denied);
  });
});

describe('Graph GET /users', () => {
  it('gives a hundred users with the default properties', async () => {
    const page = await list();
    expect(page.value).toHaveLength(100);
    expect(page['@odata.context']).toBe(`${simulator.urls.entra}/v1.0/$metadata#users`);
    const properties =
      'businessPhones displayName givenName id jobTitle mail mobilePhone officeLocation preferredLanguage surname ' +
      'userPrincipalName';
    for (const user of page.value) expect(Object.keys(user)).toEqual(properties.split(' '));
  });

  it('gives the selected properties in their order, unset ones as null or empty, and the id only when selected', async () => {
    const page = await list('?$select=userType,otherMails,identities,onPremisesImmutableId&$top=3');
    expect(page['@odata.context']).toMatch(/#users\(userType,otherMails,identities,onPremisesImmutableId\)$/);
    expect(page.value[0]).toEqual({ userType: 'Member', otherMails: [], identities: [], onPremisesImmutableId: null });
  });

  it.each([
    ['?$select=id,shoeSize', 400, 'BadRequest', /'shoeSize' on type 'microsoft.graph.user'/],
    ['?$select=id,skills', 501, 'NotImplemented', /skills/],
    ['?$top=1000', 400, 'Request_UnsupportedQuery', /between 1 and 999/],
    ['?$top=0', 400, 'Request_UnsupportedQuery', /between 1 and 999/],
    ['?$top=ten', 400, 'Request_UnsupportedQuery', /'ten'/],
    ['?$skip=10', 400, 'BadRequest', /\$skip/],
    ['?$count=yes', 400, 'BadRequest', /\$count/],
    ['?$apply=x', 400, 'BadRequest', /\$apply/],
    ['?$search="displayName:a"', 400, 'Request_UnsupportedQuery', /not simulated/],
    ['?$orderby=city', 400, 'Request_UnsupportedQuery', /Sorting/],
    ["?$orderby=displayName&$filter=city eq 'Hamburg'", 400, 'Request_UnsupportedQuery', /Sorting/],
    ['?$skiptoken=nonsense', 400, 'Directory_ExpiredPageToken', /page token/],
  ])('refuses %s', async (query, status, code, message) => {
    expect(await call(`/users${query}`)).toMatchObject(refused(status, code, message));
  });

  it('serves everybody once by next links that hold all options', async () => {
    const pages = await readAll('?$select=id,mail&$top=50&$count=true&tag=a%20b');
    const ids = pages.flatMap((page) => page.value.map((user) => user.id));
    expect(ids).toHaveLength(accounts().length);
    expect(new Set(ids)).toEqual(new Set(accounts().map(({ id }) => id)));
    expect(pages.at(-1)).not.toHaveProperty('@odata.nextLink');
    for (const { '@odata.nextLink': link } of pages.slice(0, -1)) {
      expect(link).toContain(
        `${simulator.urls.entra}/v1.0/users?$select=id,mail&$top=50&$count=true&tag=a%20b&$skiptoken=`,
      );
    }
    expect(simulator.control.ledger().flatMap((one) => (one.kind === 'request' ? [one.page] : []))).toEqual([
      undefined,
      ...pages.map((_, index) => index + 1),
    ]);
  });

  it('tells the count on the first page only, and only to an advanced query', async () => {
    const pages = await readAll('?$top=100&$count=true');
    const counts = pages.map((page) => page['@odata.count']);
    expect(counts).toEqual([accounts().length, ...pages.slice(1).map(() => undefined)]);
    expect((await call('/users?$count=true')).body).not.toHaveProperty('@odata.count');
    expect(await list('', eventual)).not.toHaveProperty('@odata.count');
  });

  it('wants the header again on the pages of a filter that needs it', async () => {
    const first = await list("?$filter=employeeType eq 'Staff'&$count=true&$top=10", eventual);
    const next = first['@odata.nextLink'] ?? '';
    expect(await call(next)).toMatchObject(refused(400, 'Request_UnsupportedQuery', /employeeType/));
    expect((await call(next, eventual)).status).toBe(200);
  });

  it('misses nobody when users before the next page go', async () => {
    const first = await list('?$top=50');
    const gone = first.value[49]?.id;
    simulator.control.mutate([{ op: 'remove-user', vendor: 'entra', id: gone }]);
    const rest = await readAll(new URL(first['@odata.nextLink'] ?? '').search);
    const seen = new Set([first, ...rest].flatMap((page) => page.value.map((user) => user.id)));
    expect(seen.size).toBe(accounts().length + 1);
  });

  it('sorts by name, page by page', async () => {
    const names = (await readAll('?$orderby=displayName desc&$top=60')).flatMap((page) =>
      page.value.map((user) => String(user['displayName']).toLowerCase()),
    );
    expect(names).toHaveLength(accounts().length);
    expect(names).toEqual([...names].sort().reverse());
  });

  it('shows a change at once, although its texts are kept', async () => {
    const query = '?$select=id,department&$top=1';
    const [before] = (await list(query)).value;
    simulator.control.mutate([
      { op: 'set-field', vendor: 'entra', id: before?.id, field: 'department', value: 'Example' },
    ]);
    expect((await list(query)).value).toEqual([{ id: before?.id, department: 'Example' }]);
  });

  it('serves planted records with what no other user has, or lacks', async () => {
    const [first, second] = accounts().map(({ id }) => id);
    simulator.control.mutate([
      { op: 'set-field', vendor: 'entra', id: first, field: 'surprise', value: 1 },
      { op: 'remove-field', vendor: 'entra', id: second, field: 'accountEnabled' },
      { op: 'plant-record', vendor: 'entra', id: '0', json: '{"id":9007199254740993}' },
    ]);
    const texts = (await call('/users?$select=id,accountEnabled&$top=999')).text;
    expect(texts).toContain(`{"id":"${first}","accountEnabled":true,"surprise":1}`);
    expect(texts).toContain(`{"id":"${second}"}`);
    expect(texts).toContain('{"id":9007199254740993}');
  });

  it('costs less with a selection and for small pages', async () => {
    const units = async (query: string) => (await call(`/users${query}`)).headers.get('x-ms-resource-unit');
    expect([await units(''), await units('?$select=id'), await units('?$top=5')]).toEqual(['2', '1', '1']);
  });
});

describe('Graph GET /users/{id} and its neighbours', () => {
  it('finds a user by id or principal name', async () => {
    const [account] = accounts();
    const byId = await call(`/users/${account?.id}?$select=id,mail,aboutMe`);
    expect(byId.body).toEqual({
      '@odata.context': `${simulator.urls.entra}/v1.0/$metadata#users(id,mail,aboutMe)/$entity`,
      id: account?.id,
      mail: account?.email,
      aboutMe: null,
    });
    expect((await call(`/users/${encodeURIComponent(account?.username ?? '')}`)).body).toMatchObject({
      id: account?.id,
    });
  });

  it('says of an unknown user that the resource does not exist', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const message = new RegExp(`^Resource '${id}' does not exist`);
    expect(await call(`/users/${id}`)).toMatchObject(refused(404, 'Request_ResourceNotFound', message));
    expect(await call('/groups')).toMatchObject(refused(400, 'BadRequest', /segment/));
  });

  it('counts for an advanced query', async () => {
    expect(await call('/users/$count')).toMatchObject(
      refused(400, 'Request_BadRequest', '$count is not currently supported.'),
    );
    expect((await call('/users/$count', eventual)).text).toBe(String(accounts().length));
    const members = Number((await call("/users/$count?$filter=userType eq 'Member'", eventual)).text);
    expect(members).toBeGreaterThan(0);
    expect(members).toBeLessThan(accounts().length);
  });

  it('names the directory', async () => {
    const { value } = (await call('/organization')).body as { value: object[] };
    expect(value).toMatchObject([{ id: simulator.credentials.entra.tenantId, displayName: 'Harbour Example Ltd' }]);
  });
});

describe('Graph limits and faults', () => {
  it('says how long to wait when its limit is met, with decimals', async () => {
    simulator.control.settings({ rateLimit: { perSecond: 0.4, burst: 1 } });
    await call('/users');
    const reply = await call('/users');
    expect(reply).toMatchObject(refused(429, 'TooManyRequests', 'Please retry again later.'));
    expect(reply.headers.get('retry-after')).toMatch(/^[12](\.\d{1,3})?$/);
    expect(reply.headers.get('x-ms-throttle-scope')).toBeTruthy();
    expect(reply.headers.get('x-ms-throttle-information')).toBeTruthy();
  });

  it('has its own form for every failure', async () => {
    const plan = (status: number) =>
      simulator.control.addFaults([{ vendor: 'entra', match: {}, fault: { kind: 'status', status } }]);
    const codes: unknown[] = [];
    for (const status of [401, 403, 404, 429, 500, 502, 503, 504, 418]) {
      simulator.control.clearFaults();
      plan(status);
      const reply = await call('/users');
      codes.push([reply.status, (reply.body as { error: { code: string } }).error.code]);
    }
    expect(codes).toEqual([
      [401, 'InvalidAuthenticationToken'],
      [403, 'Authorization_RequestDenied'],
      [404, 'ResourceNotFound'],
      [429, 'TooManyRequests'],
      [500, 'InternalServerError'],
      [502, 'BadGateway'],
      [503, 'ServiceUnavailable'],
      [504, 'GatewayTimeout'],
      [418, 'UnknownError'],
    ]);
  });

  const fault = (kind: 'empty-page' | 'duplicate-page', page: number) =>
    simulator.control.addFaults([{ vendor: 'entra', match: { operation: 'list', page }, fault: { kind } }]);

  it('leaves the next link on an empty page', async () => {
    fault('empty-page', 2);
    const pages = await readAll('?$top=100&$count=true');
    expect(pages.map(({ value }) => value.length > 0)).toEqual(pages.map((_, index) => index !== 1));
    expect(pages[1]).toHaveProperty(['@odata.nextLink']);
  });

  it.each([1, 2, 3])('serves the page before page %i again, word for word', async (page) => {
    const before = await readAll('?$top=60&$count=true');
    fault('duplicate-page', page);
    const path = page === 1 ? '/users?$top=60&$count=true' : (before[page - 2]?.['@odata.nextLink'] ?? '');
    expect((await call(path, eventual)).body).toEqual(before[Math.max(page - 2, 0)]);
  });

  it('lies about the count', async () => {
    simulator.control.addFaults([
      { vendor: 'entra', match: { operation: 'list' }, fault: { kind: 'total', total: 7 } },
    ]);
    expect(await list('?$count=true', eventual)).toMatchObject({ '@odata.count': 7 });
  });

  it('writes no secret and no token into the ledger', async () => {
    await call('/users?$select=id&access_token=test-not-for-the-ledger');
    const text = JSON.stringify(simulator.control.ledger());
    expect(text).toContain('$select=id');
    for (const secret of [simulator.credentials.entra.clientSecret, token, 'test-not-for-the-ledger']) {
      expect(text).not.toContain(secret);
    }
    expect(simulator.control.ledger().find((one) => one.kind === 'request')).toMatchObject({
      operation: 'token',
      command: 'POST /{tenant}/oauth2/v2.0/token',
      authOk: true,
      status: 200,
    });
  });
});

describe('the users of the demo company', () => {
  const records = () => simulator.control.rawAccounts('entra').map(({ record }) => record);

  it('are members and a few guests, with the employee types of a university', () => {
    const guests = records().filter((user) => user['userType'] === 'Guest');
    expect(guests.length).toBeGreaterThanOrEqual(3);
    for (const guest of guests) {
      expect(guest).toMatchObject({ creationType: 'Invitation', employeeType: null });
      expect(guest['userPrincipalName']).toMatch(/^[^@]+_harbour\.example#EXT#@harbourexample\.onmicrosoft\.com$/);
    }
    const types = new Set(records().map((user) => user['employeeType']));
    const all = ['Admin', 'Staff', 'Faculty', 'Contingent Workers', 'EmpStudent', 'Contractor', null];
    expect(types).toEqual(new Set(all));
  });

  it('leave by being removed, and return under a new id', () => {
    const before = new Map(accounts().map((account) => [account.personId, account.id]));
    const { leavers } = simulator.control.advanceDay();
    const { returners } = simulator.control.advanceDay();
    const kinds = leavers.flatMap((one) => one.accounts.filter(({ vendor }) => vendor === 'entra'));
    expect(kinds.map(({ kind }) => kind)).toEqual(['removed', 'removed']);
    const back = returners[0]?.accounts.find(({ vendor }) => vendor === 'entra');
    expect(back?.kind).toBe('added');
    expect(back?.id).not.toBe(before.get(back?.personId ?? ''));
  });

  it('change their principal name with their address; guests keep theirs', () => {
    const member = accounts().find(({ username, email }) => username === email)?.id ?? '';
    const guest = accounts().find(({ username }) => username.includes('#EXT#'))?.id ?? '';
    for (const id of [member, guest]) {
      simulator.control.mutate([{ op: 'rename-email', vendor: 'entra', id, newEmail: `new.${id}@harbour.example` }]);
    }
    const recordOf = (id: string) => records().find((user) => user['id'] === id);
    expect(recordOf(member)).toMatchObject({ userPrincipalName: `new.${member}@harbour.example` });
    expect(recordOf(guest)).toMatchObject({ mail: `new.${guest}@harbour.example` });
    expect(recordOf(guest)?.['userPrincipalName']).toContain('#EXT#');
  });
});
