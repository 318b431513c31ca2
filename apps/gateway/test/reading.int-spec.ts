import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accounts,
  apps,
  changes,
  fields,
  integrations,
  type NoticeDocument,
  notices,
  people,
  planLines,
  plans,
  runs,
  tracking,
  undoLines,
} from '@rollcall/collections';
import type { Page } from '@rollcall/contracts';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildAccount, buildChange, buildCreated, buildPerson, buildRun } from './records.js';

let gateway: GatewayUnderTest;
let key: string;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  key = await gateway.keyWith('read');
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

const collection: GatewayUnderTest['environment']['databases']['collection'] = (definition) =>
  gateway.environment.databases.collection(definition);

async function get<Body>(path: string, query: Record<string, string> = {}, status = 200): Promise<Body> {
  const { body } = await gateway.as('get', path, key).query(query).expect(status);
  return body as Body;
}
type Row = { id: string; revision: number };
const idsOf = async (path: string, query: Record<string, string> = {}) =>
  (await get<Page<Row>>(path, query)).items.map(({ id }) => id);

/** Follows `page.next` to the end, reading as a client does. */
async function walk(path: string, query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: Page<Row> = await get(path, cursor === '' ? query : { ...query, cursor });
    ids.push(...answer.items.map(({ id }) => id));
    cursor = answer.page.next;
  }
  return ids;
}

describe('people', () => {
  const names = ['Ada', 'bea', 'Carl', 'carl', 'Élodie', 'd.o+t', null, null];
  const persons = names.map((name, number) =>
    buildPerson({
      _id: `person-${number}`,
      active: number % 2 === 0,
      values: {
        username: `user${number}`,
        email: `user${number}@example.com`,
        display_name: name,
        badge: `B-${number}`,
      },
      keys: [`email:user${number}@example.com`],
    }),
  );
  beforeAll(async () => {
    const badge = { variable: 'badge', label: 'Badge', type: 'short-text', unique: false, required: false } as const;
    await collection(fields).insertOne({ _id: 'badge', ...badge, builtIn: false });
    await collection(people).insertMany([
      ...persons,
      buildPerson({ _id: 'merged', mergedInto: 'person-0', keys: ['email:m'] }),
    ]);
  });

  it('come in pages that together hold everybody once, whatever the order and the page size', async () => {
    const all = persons.map(({ _id }) => _id);
    for (const sort of ['id', '-id', 'display_name', '-display_name', 'email', 'createdAt', '-createdAt']) {
      for (const limit of ['1', '3', '8']) {
        expect({ sort, limit, ids: (await walk('/people', { sort, limit })).sort() }).toEqual({
          sort,
          limit,
          ids: all,
        });
      }
    }
    expect(await walk('/people', { sort: '-id', limit: '3' })).toEqual([...all].reverse());
  });

  it('stay in their pages while others are added and removed', async () => {
    const first = await get<Page<Row>>('/people', { limit: '3' });
    await collection(people).insertOne(buildPerson({ _id: 'person-00', keys: ['email:x'] }));
    await collection(people).deleteOne({ _id: 'person-1' });
    const second = await get<Page<Row>>('/people', { limit: '3', cursor: first.page.next! });
    expect(second.items.map(({ id }) => id)).toEqual(['person-3', 'person-4', 'person-5']);
    await collection(people).insertOne(persons[1]!);
    await collection(people).deleteOne({ _id: 'person-00' });
  });

  it('name the next page in a Link header, and count only when asked', async () => {
    const { body, headers } = await gateway
      .as('get', '/people', key)
      .query({ limit: '2', include: 'total' })
      .expect(200);
    expect((body as Page<Row>).page.total).toBe(8);
    expect(headers['link']).toMatch(/^<\/api\/v1\/people\?limit=2&include=total&cursor=[\w-]+>; rel="next"$/);
    expect((await get<Page<Row>>('/people', { limit: '200' })).page).toEqual({ next: null });
  });

  it.each([
    ['active eq true', ['person-0', 'person-2', 'person-4', 'person-6']],
    ['display_name eq "CARL"', ['person-2', 'person-3']],
    ['display_name eq "élodie"', ['person-4']],
    ['not (display_name pr)', ['person-6', 'person-7']],
    ['badge eq "b-3" or email sw "user5"', ['person-3', 'person-5']],
    ['active eq false and (email ew "1@example.com" or email co "R7@")', ['person-1', 'person-7']],
    ['display_name co "."', ['person-5']],
    ['mergedInto eq "person-0"', ['merged']],
    ['createdByRun eq "run-1" and display_name eq "Ada"', ['person-0']],
  ])('are filtered by %s', async (filter, ids) => {
    expect(await idsOf('/people', { filter })).toEqual(ids);
  });

  it('are searched by a text that is taken as it stands', async () => {
    expect(await idsOf('/people', { q: 'D.O+T' })).toEqual(['person-5']);
    expect(await idsOf('/people', { q: '.*' })).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['an operator in a name', { 'filter[$ne]': 'x' }],
    ['an operator in a filter', { filter: '$where eq "1"' }],
    ['an unknown sort key', { sort: 'keys' }],
    ['a field that is not for clients', { filter: 'fold.x eq 7' }],
    ['a page that is too large', { limit: '201' }],
    ['a cursor of somebody', { cursor: 'e30' }],
    ['a list of limits', { 'limit[]': '1' }],
    ['an unknown parameter', { skip: '10' }],
    ['a search for a control character', { q: 'a\0b' }],
  ])('refuse %s with a problem (P35)', async (_, query) => {
    expect(await get<{ status: number }>('/people', query, 400)).toMatchObject({ status: 400 });
  });

  it('never show what is not part of the record', async () => {
    const person = await get<Record<string, unknown>>('/people/person-0');
    expect(Object.keys(person)).not.toEqual(expect.arrayContaining(['fold']));
    expect(person).not.toHaveProperty('keys');
    await get('/people/nobody', {}, 404);
  });

  it('tell their history: of a first revision from the record, else from the changes, newest first', async () => {
    expect(await get('/people/person-0/history')).toMatchObject({
      items: [{ id: null, revision: 1, event: 'person.created', cause: { kind: 'run', run: 'run-1' } }],
    });
    const changed = buildPerson({ _id: 'changed', revision: 3, keys: ['email:changed'] });
    await collection(people).insertOne(changed);
    await collection(changes).insertMany([1, 2, 3].map((revision) => buildChange(changed, revision, 'run-9')));
    const newest = await get<Page<Row>>('/people/changed/history', { limit: '2' });
    expect(newest.items.map(({ revision }) => revision)).toEqual([3, 2]);
    const rest = await get<Page<Row>>('/people/changed/history', { limit: '2', cursor: newest.page.next! });
    expect(rest.items.map(({ revision }) => revision)).toEqual([1]);
  });
});

describe('SaaS users', () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  beforeAll(async () => {
    await collection(apps).insertOne({
      _id: 'app-1',
      name: 'App',
      category: 'Security',
      connector: 'some',
      linkedBy: 'auto',
      createdAt: new Date(),
    });
    await collection(accounts).insertMany([
      buildAccount({ _id: 'int-1:a', lastActivityAt: daysAgo(100) }),
      buildAccount({ _id: 'int-1:b', lastActivityAt: daysAgo(2.5), active: false, values: {}, vendorId: 'b' }),
      buildAccount({ _id: 'int-1:c', lastActivityAt: null }),
      buildAccount({ _id: 'int-1:never', connector: 'lastpass', created: { ...buildCreated(), time: daysAgo(40) } }),
      buildAccount({ _id: 'int-1:new', connector: 'lastpass', created: { ...buildCreated(), time: daysAgo(1.5) } }),
      buildAccount({ _id: 'int-1:user-only', content: 'user' }),
      buildAccount({ _id: 'int-2:other', app: 'app-2', person: 'person-2' }),
    ]);
    await collection(tracking).insertOne({
      _id: 'int-1:a',
      run: 'run-1',
      syncTime: daysAgo(0),
      credentialName: 'Main',
    });
  });

  it('are listed under their app with user name, role and last activity, and counted (R90, R91)', async () => {
    expect(await get('/saas-apps/app-1')).toMatchObject({ name: 'App', users: { active: 4, deactivated: 1 } });
    expect(await get('/saas-apps')).toMatchObject({ items: [{ id: 'app-1' }] });
    const { items } = await get<Page<Row>>('/saas-apps/app-1/users');
    expect(items).toMatchObject([
      { id: 'int-1:a', userName: 'ada', role: { value: 'Admin' }, status: 'active', person: 'person-1' },
      { id: 'int-1:b', userName: 'b', status: 'deactivated' },
      { id: 'int-1:c', lastActivityAt: null, activity: 'not-told' },
      { id: 'int-1:never', lastActivityAt: null, activity: 'never' },
      { id: 'int-1:new', activity: 'never' },
    ]);
  });

  it('are filtered by state (R92) and by idleness (R32): never active is idle, not told is not, nor is a newcomer', async () => {
    expect(await idsOf('/saas-apps/app-1/users', { status: 'active' })).toEqual([
      'int-1:a',
      'int-1:c',
      'int-1:never',
      'int-1:new',
    ]);
    expect(await idsOf('/saas-apps/app-1/users', { status: 'deactivated' })).toEqual(['int-1:b']);
    expect(await idsOf('/saas-apps/app-1/users', { noActivityForDays: '30' })).toEqual(['int-1:a', 'int-1:never']);
    expect(await idsOf('/saas-apps/app-1/users', { noActivityForDays: '50' })).toEqual(['int-1:a']);
    expect(await idsOf('/saas-apps/app-1/users', { noActivityForDays: '2' })).toEqual([
      'int-1:a',
      'int-1:b',
      'int-1:never',
    ]);
  });

  it('are accounts, shown with what the last run noted beside them, without their hash', async () => {
    const account = await get('/accounts/int-1:a');
    expect(account).toMatchObject({ id: 'int-1:a', tracking: { credentialName: 'Main' } });
    expect(account).not.toHaveProperty('hash');
    await collection(people).insertOne(buildPerson({ _id: 'person-owner', keys: ['email:owner'] }));
    await collection(accounts).insertOne(buildAccount({ _id: 'int-3:x', person: 'person-owner' }));
    expect(await get('/people/person-owner/accounts')).toMatchObject({ items: [{ id: 'int-3:x', tracking: null }] });
  });
});

describe('runs', () => {
  beforeAll(async () => {
    const extra = {
      partition: 0,
      pinned: null,
      lease: null,
      refetches: 0,
      endSent: false,
      evidence: null,
      reports: {},
      cancelRequested: false,
      scopeFingerprint: null,
      approvedPlan: null,
      shape: null,
      undo: null,
    };
    const documents = ['completed', 'held', 'failed'].map((state, number) => {
      const { id, ...record } = buildRun({
        id: `run-${number}`,
        state: state as 'held',
        integration: `int-${number % 2}`,
        plannedAt: `2026-11-2${number}T00:00:00.000Z`,
      });
      return { _id: id, ...record, ...extra };
    });
    await collection(runs).insertMany(documents);
    const line = {
      kind: 'missing' as const,
      vendorId: 'v',
      username: 'u',
      revision: 1,
      protected: false,
      approved: false,
      state: 'staged' as const,
    };
    const plan = { integration: 'int-1', generation: 1, lines: 3, hash: null, undone: null, at: new Date() };
    await collection(plans).replaceOne({ _id: 'run-1' }, plan, { upsert: true });
    await collection(planLines).insertMany(
      [0, 1, 2].map((number) => ({
        _id: `run-1/000000${number}`,
        run: 'run-1',
        number,
        account: `int-1:${number}`,
        ...line,
        staleReason: null,
        at: new Date(),
      })),
    );
  });

  it('are listed newest first, by integration and by state, without lease and reports', async () => {
    expect(await idsOf('/runs')).toEqual(['run-2', 'run-1', 'run-0']);
    expect(await idsOf('/runs', { integration: 'int-0' })).toEqual(['run-2', 'run-0']);
    expect(await idsOf('/runs', { state: 'held' })).toEqual(['run-1']);
    expect(await idsOf('/runs', { filter: 'plannedAt lt "2026-11-21"' })).toEqual(['run-0']);
    expect(await get('/runs/run-1')).not.toHaveProperty('reports');
    await get('/runs', { state: 'asleep' }, 400);
  });

  it('show their plan in order and their changes page by page', async () => {
    const plan = await get<{ items: { number: number }[] }>('/runs/run-1/plan');
    expect(plan.items.map(({ number }) => number)).toEqual([0, 1, 2]);
    const person = buildPerson({ _id: 'of-run' });
    await collection(changes).insertMany([4, 5, 6].map((revision) => buildChange(person, revision, 'run-2')));
    expect((await walk('/runs/run-2/changes', { limit: '2' })).length).toBe(3);
    await get('/runs/none/changes', {}, 404);
  });

  it('show page by page what their undo left as it is, and runs of before undos were told are not undone', async () => {
    const left = [{ field: 'values.title', reason: 'changed-since' as const, by: null, at: null }];
    const at = new Date();
    const line = { run: 'run-2', name: 'ada', person: null, state: 'conflict' as const, left, at };
    await collection(undoLines).insertMany(
      ['a', 'b', 'c'].map((account) => ({ _id: `run-2/int-1:${account}`, account: `int-1:${account}`, ...line })),
    );
    const path = '/runs/run-2/undo-conflicts';
    expect(await walk(path, { limit: '2' })).toEqual(['a', 'b', 'c'].map((account) => `run-2/int-1:${account}`));
    expect(await get(path, { limit: '1' })).toMatchObject({ items: [{ account: 'int-1:a', state: 'conflict', left }] });
    expect(await walk('/runs/run-1/undo-conflicts', {})).toEqual([]);
    await get('/runs/none/undo-conflicts', {}, 404);
    await collection(runs).updateOne({ _id: 'run-2' }, { $unset: { undone: 1 } });
    expect(await get('/runs/run-2')).toMatchObject({ undone: null });
  });
});

describe('notices, catalogue and system', () => {
  beforeEach(async () => {
    await collection(notices).deleteMany({});
    const notice = (id: string, readAt: string | null): NoticeDocument => ({
      _id: id,
      kind: 'run-failed',
      incident: id,
      integration: 'int-1',
      run: 'run-2',
      contact: { name: 'Dana', email: 'dana@example.com' },
      title: 'Run failed',
      text: 'The vendor refused the key.',
      mail: 'sent',
      readAt,
      createdAt: `2026-11-21T0${id.length}:00:00.000Z`,
    });
    await collection(notices).insertMany([notice('n1', null), notice('n22', '2026-11-21T09:00:00.000Z')]);
  });

  it('list notices, read or not', async () => {
    expect(await idsOf('/notices')).toEqual(['n22', 'n1']);
    expect(await idsOf('/notices', { unread: 'true' })).toEqual(['n1']);
    expect(await idsOf('/notices', { unread: 'false' })).toEqual(['n22']);
  });

  it('describe connectors and events', async () => {
    const { items } = await get<{ items: { id: string }[] }>('/catalog/connectors');
    for (const { id } of items) expect(await get(`/catalog/connectors/${id}`)).toMatchObject({ id });
    await get('/catalog/connectors/toString', {}, 404);
    const events = await get<{ items: { type: string }[] }>('/catalog/event-types');
    expect(events.items.map(({ type }) => type)).toEqual(expect.arrayContaining(['person.deactivated', 'run.held']));
  });

  it('tell health, and serve the OpenAPI document', async () => {
    const heldBy = { run: 'run-0', by: 'ada', at: '2026-01-02T00:00:00.000Z' };
    const onHold = [
      { _id: 'int-held', name: 'Held', deactivate: { enabled: true, onHold: true, heldBy } },
      { _id: 'int-held-before', name: 'Held before', deactivate: { enabled: true, onHold: true } },
      { _id: 'int-off', name: 'Off', deactivate: { enabled: false, onHold: true } },
    ];
    await collection(integrations).insertMany(onHold as never);
    const silent = { id: 'run-silent', state: 'judging' as const, plannedAt: '2026-01-01T00:00:00.000Z' };
    const { id: _id, ...open } = buildRun(silent);
    await collection(runs).insertOne({ _id, ...open } as never);
    expect(await get('/system/health')).toMatchObject({
      silentRuns: [{ run: 'run-silent', state: 'judging', since: '2026-01-01T00:00:00.000Z' }],
      deactivationsOnHold: [
        { integration: 'int-held', name: 'Held', run: 'run-0', since: heldBy.at },
        { integration: 'int-held-before', name: 'Held before', run: null, since: null },
      ],
      status: 'attention',
      openRuns: 1,
      checks: { mongodb: { ok: true } },
    });
    expect(await get('/openapi.json')).toMatchObject({ openapi: '3.1.0' });
  });
});
