import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountDocument, accounts, fields, people, type PersonDocument } from '@rollcall/collections';
import type { Page, PeopleField, Problem } from '@rollcall/contracts';
import fc from 'fast-check';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildAccount, buildCreated, buildPerson } from './records.js';

/** More than what is looked through without an index. */
const many = 20_400;
const departments = ['Sales', 'Engineering', 'Finance'];
let gateway: GatewayUnderTest;

const collection: GatewayUnderTest['environment']['databases']['collection'] = (definition) =>
  gateway.environment.databases.collection(definition);

type Row = PersonDocument & AccountDocument & { id: string };
const get = async (path: string, query: Record<string, string> = {}, status = 200) =>
  (await gateway.as('get', path).query(query).expect(status)).body as Page<Row> & Problem;
const idsOf = async (path: string, query: Record<string, string> = {}) =>
  (await get(path, query)).items.map(({ id }) => id);

async function walk(path: string, query: Record<string, string>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: Page<Row> = await get(path, cursor === '' ? query : { ...query, cursor });
    rows.push(...answer.items);
    cursor = answer.page.next;
  }
  return rows;
}

const idOf = (number: number) => `p${String(number).padStart(6, '0')}`;

function personOf(number: number): PersonDocument {
  const left = number % 500 === 3;
  const [year, day] = [2000 + (number % 20), String(1 + (number % 28)).padStart(2, '0')];
  return buildPerson({
    _id: idOf(number),
    active: !left,
    values: {
      email: `user${number}@example.com`,
      username: `user${number}`,
      display_name: number % 4000 === 9 ? null : `Name ${(number * 7919) % many}`,
      department: number % 4000 === 5 ? 'Legal' : departments[number % 3]!,
      role: 'Employee',
      badge: number,
      hired: number % 2 === 0 ? `${year}-01-${day}` : `${year}-01-${day}T01:00:00+05:00`,
    },
    keys: [`email:user${number}@example.com`],
    created: { ...buildCreated(), time: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString() },
    deactivated: left ? { run: 'run-9', time: new Date(Date.UTC(2026, 5, 1) - number * 1000).toISOString() } : null,
    activeAccounts: left ? (number % 1000 === 3 ? 2 : 0) : 1,
    ...(number % 700 === 1 ? { inactiveAt: ['int-2'], lastActivityAt: '2026-03-01T00:00:00.000Z' } : {}),
  });
}

const field = (variable: string, type: PeopleField['type'], filterable: boolean) => ({
  ...{ _id: variable, variable, type, filterable, label: variable },
  ...{ unique: false, required: false, builtIn: false },
});

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const { databases } = gateway.environment;
  await databases.ensure('mapping');
  await collection(people).createIndex({ 'values.badge': 1, _id: 1 }, { collation: folding });
  await collection(people).createIndex({ 'values.hired': 1, _id: 1 }, { collation: folding });
  await collection(fields).insertMany([field('badge', 'number', true), field('hired', 'date-time', true)]);
  await collection(people).insertMany(Array.from({ length: many }, (_, number) => personOf(number)));
  const own = Array.from({ length: many }, (_, number) =>
    buildAccount({
      _id: `int-${number % 2}:${number}`,
      integration: `int-${number % 2}`,
      vendorId: String(number),
      username: `user${number}`,
      person: number % 900 === 7 ? null : idOf(number),
      app: `app-${number % 2}`,
      active: number % 300 !== 4,
      role: { value: number % 3000 === 12 ? 'Owner' : 'Member', origin: 'vendor' },
      ...(number % 600 === 2 ? { neverUsed: true as const } : {}),
      ...(number % 600 === 6 ? { lastActivityAt: `2026-0${1 + (number % 9)}-01T00:00:00.000Z` } : {}),
    }),
  );
  await collection(accounts).insertMany(own);
}, 180_000);
afterAll(async () => gateway?.stop(), 60_000);

const folding = { locale: 'en', strength: 2, normalization: true } as const;

describe('lists of very many people', () => {
  it.each<[string, number]>([
    ['email eq "USER77@example.com"', 1],
    ['email eq "nobody@example.com"', 0],
    ['email sw "user2039"', 11],
    ['department eq "legal"', 6],
    ['active eq false', 41],
    ['active eq false and activeAccounts gt 0', 21],
    ['inactiveAt eq "int-2" and activeAccounts gt 0', 30],
    ['badge ge 20398', 2],
    ['badge gt 9 and badge lt 12', 2],
    ['not (active eq true) and active eq false', 41],
    ['email eq "user1@example.com" or department eq "Legal"', 7],
    ['display_name eq null', 6],
    ['deactivatedByRun eq "run-9" and deactivatedAt lt "2026-05-31T23:00:00Z"', 33],
  ])('answer %s from an index', async (filter, count) => {
    const rows = await walk('/people', { filter, limit: '7' });
    expect(rows).toHaveLength(count);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
    expect((await get('/people', { filter, include: 'total' })).page.total).toBe(count);
  });

  it('hold everybody once in every order, forwards and backwards, with those who have no value', async () => {
    for (const sort of ['display_name', '-display_name', 'createdAt', '-badge', 'lastActivityAt', '-lastActivityAt']) {
      const ids = (await walk('/people', { sort, limit: '200', fields: 'active' })).map(({ id }) => id);
      expect({ sort, count: ids.length, distinct: new Set(ids).size }).toEqual({ sort, count: many, distinct: many });
    }
  }, 180_000);

  it('compare numbers and dates as such, whatever the offset that a date was written with', async () => {
    expect((await get('/people', { sort: '-badge', limit: '2' })).items.map(({ values }) => values['badge'])).toEqual([
      many - 1,
      many - 2,
    ]);
    const before = 'hired lt "2000-01-01T20:30:00Z" and badge lt 600';
    const expected = Array.from({ length: 600 }, (_, number) => personOf(number)).filter(
      ({ values }) => new Date(String(values['hired'])) < new Date('2000-01-01T20:30:00Z'),
    );
    expect((await walk('/people', { filter: before })).map(({ id }) => id).sort()).toEqual(
      expected.map(({ _id }) => _id),
    );
  });

  it('sort what a filter leaves by something else', async () => {
    const filter = 'active eq false';
    const byTime = await walk('/people', { filter, sort: '-deactivatedAt', limit: '10' });
    const times = byTime.map(({ deactivated }) => deactivated!.time);
    expect(times).toHaveLength(41);
    expect(times).toEqual([...times].sort().reverse());
    const byTitle = await walk('/people', { filter, sort: 'username', limit: '9' });
    expect(byTitle).toHaveLength(41);
  });

  it.each<[string, Record<string, string>, string]>([
    ['what no index answers', { filter: 'display_name co "zzz"' }, '/query/filter'],
    ['a mark without an index', { filter: 'protected eq true' }, '/query/filter'],
    ['an order without an index', { sort: 'username' }, '/query/sort'],
    ['an order for too many', { sort: 'username', filter: 'department eq "Sales"' }, '/query/sort'],
  ])('refuse %s, and name the fields that can be asked', async (_, query, pointer) => {
    const problem = await get('/people', query, 400);
    expect(problem).toMatchObject({ code: 'not-from-an-index', errors: [{ pointer }] });
    expect(problem.detail).toMatch(/email.*department.*badge|badge.*email/s);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown field', { filter: 'shoe_size eq "1"' }, '/query/filter'],
    ['an operator', { filter: '$where eq "1"' }, '/query/filter'],
    ['a prototype', { filter: '__proto__ eq "1"' }, '/query/filter'],
    ['a text for a number', { filter: 'badge eq "7"' }, '/query/filter'],
    ['a list as an order', { sort: 'inactiveAt' }, '/query/sort'],
    ['an unknown order', { sort: 'keys' }, '/query/sort'],
    ['an unknown column', { fields: 'keys' }, '/query/fields'],
    [
      'a forged cursor',
      { cursor: Buffer.from('{"w":">_id","v":null,"i":"a"}').toString('base64url') },
      '/query/cursor',
    ],
  ])('refuse %s', async (_, query, pointer) => {
    expect(await get('/people', query, 400)).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('take a cursor for the question that it was given for only', async () => {
    const cursor = (await get('/people', { filter: 'department eq "Sales"' })).page.next!;
    await get('/people', { filter: 'department eq "Sales"', cursor });
    await get('/people', { filter: 'department eq "Finance"', cursor }, 400);
    await get('/people', { filter: 'department eq "Sales"', sort: 'email', cursor }, 400);
    await get('/accounts', { cursor }, 400);
    const changed = `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`;
    await get('/people', { filter: 'department eq "Sales"', cursor: changed }, 400);
  });

  it('answer any text with a page or a problem, never with a failure', async () => {
    const text = fc.oneof(fc.string({ minLength: 1, maxLength: 60 }), fc.json({ maxDepth: 3 }));
    const part = fc.tuple(
      fc.constantFrom('email', 'badge', 'active', 'hired', 'inactiveAt', '$ne', '__proto__', 'constructor'),
      fc.constantFrom('eq', 'ne', 'sw', 'co', 'gt', 'pr', '$gt'),
      fc.oneof(
        fc.string().map((one) => JSON.stringify(one)),
        fc.integer().map(String),
        fc.constantFrom('true', 'null', '{}'),
      ),
    );
    const filter = fc.oneof(
      text,
      fc.array(part, { minLength: 1, maxLength: 4 }).map((all) => all.map((one) => one.join(' ')).join(' or ')),
    );
    const call = fc.record({ filter, sort: text, cursor: text, fields: text, q: text }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(call, async (query) => {
        const { status, body } = await gateway.as('get', '/people').query(query);
        expect([200, 400]).toContain(status);
        if (status === 400) expect((body as Problem).errors![0]!.pointer).toMatch(/^\/query\//);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('show the wanted columns only, and search by what names begin with', async () => {
    const { items } = await get('/people', { limit: '1', fields: 'values.badge,activeAccounts' });
    expect(items).toEqual([{ id: idOf(0), values: { badge: 0 }, activeAccounts: 1 }]);
    expect(await idsOf('/people', { q: 'USER20399@' })).toEqual([idOf(20_399)]);
  });
});

describe('lists of very many accounts', () => {
  it.each<[string, number]>([
    ['person eq null', 23],
    ['person eq null and active eq true', 23],
    ['neverUsed eq true', 34],
    ['neverUsed eq true and app eq "app-0"', 34],
    ['app eq "app-0" and active eq false', 68],
    ['id eq "int-1:77"', 1],
    ['lastActivityAt lt "2026-04-01"', 11],
  ])('answer %s from an index', async (filter, count) => {
    const rows = await walk('/accounts', { filter, limit: '9' });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
    expect(rows).toHaveLength(count);
  });

  it('of an integration or an app come in pages that hold all of them once', async () => {
    for (const [path, query] of [
      ['/accounts', { filter: 'integration eq "int-1"' }],
      ['/accounts', { filter: 'app eq "app-1"' }],
    ] as const) {
      const rows = await walk(path, { ...query, limit: '200' });
      expect({ query, count: new Set(rows.map(({ id }) => id)).size }).toEqual({ query, count: many / 2 });
    }
  }, 60_000);

  it('refuse what no index answers', async () => {
    expect(await get('/accounts', { filter: 'username ew "zzz"' }, 400)).toMatchObject({ code: 'not-from-an-index' });
  });
});
