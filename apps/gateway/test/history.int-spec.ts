import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountDocument, accounts, changes, people, settings } from '@rollcall/collections';
import type { Change, Page, PersonRecord } from '@rollcall/contracts';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildAccount, buildChange, buildCreated, buildPerson } from './records.js';

let gateway: GatewayUnderTest;
let key: string;
const moments = ['2026-11-01', '2026-11-05', '2026-11-09'].map((day) => `${day}T08:00:00.000Z`) as [
  string,
  string,
  string,
];
const waiting = (code: string, candidates: string[]): Partial<AccountDocument> => ({
  person: null,
  error: { code, message: `waits: ${code}`, candidates },
});

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  key = await gateway.keyWith('read');
  const { databases } = gateway.environment;
  const created = { ...buildCreated(), time: moments[0] };
  const title = (job_title: string) => ({ values: { email: 'ada@example.com', job_title } });
  const now = buildPerson({ _id: 'ada', revision: 3, created, ...title('Head') });
  await databases
    .collection(people)
    .insertMany([
      now,
      buildPerson({ _id: 'bob', created, keys: undefined }),
      buildPerson({ _id: 'held', active: false, created, keys: undefined }),
      buildPerson({ _id: 'gone', active: false, mergedInto: 'bob', created, keys: undefined }),
    ]);
  const was = (revision: number, job_title: string, old: string | null) => ({
    ...buildChange({ ...now, ...title(job_title) }, revision, `run-${revision}`),
    time: moments[revision - 1]!,
    changed: old === null ? {} : { 'values.job_title': old },
  });
  const account = buildAccount({ _id: 'int-1:ada', person: 'ada', created: { ...created, time: moments[1] } });
  await databases
    .collection(changes)
    .insertMany([was(1, 'Clerk', null), was(2, 'Lead', 'Clerk'), was(3, 'Head', 'Lead')]);
  await databases
    .collection(accounts)
    .insertMany([
      account,
      buildAccount({ _id: 'int-1:held', person: 'held' }),
      buildAccount({ _id: 'int-1:held-off', person: 'held', active: false }),
      buildAccount({ _id: 'int-1:second', ...waiting('second-account', ['bob']) }),
      buildAccount({ _id: 'int-2:several', integration: 'int-2', ...waiting('several-matches', ['ada', 'bob']) }),
      buildAccount({ _id: 'int-3:shared', integration: 'int-3', ...waiting('shared-key', ['ada']) }),
      buildAccount({ _id: 'int-3:left', integration: 'int-3', ...waiting('left-person', ['held']) }),
      buildAccount({ _id: 'int-3:named', integration: 'int-3', ...waiting('different-names', ['ada']) }),
      buildAccount({ _id: 'int-2:broken', integration: 'int-2', ...waiting('required-value-missing', []) }),
    ]);
  await databases.collection(settings).insertOne({
    _id: 'fold',
    version: 4,
    concerns: 4,
    uniqueFields: ['email'],
    integrations: {},
    sources: { job_title: ['int-2', 'int-1'] },
  });
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

async function get<Body>(path: string, query: Record<string, string> = {}, status = 200): Promise<Body> {
  const { body } = await gateway.as('get', path, key).query(query).expect(status);
  return body as Body;
}

describe('a person at a past moment', () => {
  it.each([
    [moments[0], 'Clerk', 1],
    ['2026-11-05T07:59:59.999Z', 'Clerk', 1],
    [moments[1], 'Lead', 2],
    // The same moment, said in another zone.
    ['2026-11-05T10:00:00+02:00', 'Lead', 2],
    ['2030-01-01T00:00:00Z', 'Head', 3],
  ])('was at %s what the change before it says', async (at, title, revision) => {
    const person = await get<PersonRecord>('/people/ada', { at });
    expect(person).toMatchObject({ id: 'ada', revision, values: { job_title: title } });
  });

  it('did not exist before it was first seen, and says since when it does', async () => {
    const problem = await get<{ code: string; detail: string }>('/people/ada', { at: '2026-10-31T00:00:00Z' }, 404);
    expect(problem).toMatchObject({ code: 'not-found', detail: expect.stringContaining(moments[0]) });
  });

  it('is told from the record while it stands at its first revision (C2)', async () => {
    expect(await get('/people/bob', { at: moments[1] })).toMatchObject({ id: 'bob', revision: 1 });
    expect(await get('/accounts/int-1:ada', { at: moments[2] })).toMatchObject({ id: 'int-1:ada', tracking: null });
    await get('/accounts/int-1:ada', { at: moments[0] }, 404);
  });

  it.each(['yesterday', '2026-11-05', ''])('refuses "%s" as a moment', async (at) => {
    expect(await get('/people/ada', { at }, 400)).toMatchObject({ code: 'invalid-request' });
  });
});

describe('the timeline of a person', () => {
  it('tells old and new values with their cause, those of accounts among them, newest first', async () => {
    const { items } = await get<Page<Change>>('/people/ada/timeline');
    expect(items.map(({ record, revision }) => [record, revision])).toEqual([
      ['ada', 3],
      ['ada', 2],
      ['int-1:ada', 1],
      ['ada', 1],
    ]);
    expect(items[0]).toMatchObject({
      fields: [{ field: 'values.job_title', from: 'Lead', to: 'Head' }],
      cause: { kind: 'run', run: 'run-3' },
      why: expect.stringMatching(/^The run of .* read other values for an account of this person\.$/),
    });
  });

  it('is read page by page to its end', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<Change> = await get('/people/ada/timeline', { limit: '1', ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ record, revision }) => `${record} ${revision}`));
      cursor = page.page.next;
    }
    expect(seen.sort()).toEqual(['ada 1', 'ada 2', 'ada 3', 'int-1:ada 1']);
  });

  it('has the history of one account beside it', async () => {
    const { items } = await get<Page<Change>>('/accounts/int-1:ada/history');
    expect(items).toMatchObject([{ id: null, event: 'saas-user.created', revision: 1, fields: [] }]);
  });
});

describe('matching reviews', () => {
  type Review = { kind: string; message: string; account: { id: string }; candidates: { id: string }[] };
  const reviews = async (query: Record<string, string> = {}) =>
    (await get<Page<Review>>('/matching-reviews', query)).items.map(({ kind, account, candidates }) => [
      kind,
      account.id,
      candidates.map(({ id }) => id),
    ]);

  it('list who waits for a decision, with the people to choose from', async () => {
    expect(await reviews()).toEqual([
      ['second-account', 'int-1:second', ['bob']],
      ['several-matches', 'int-2:several', ['ada', 'bob']],
      ['left-person', 'int-3:left', ['held']],
      ['different-names', 'int-3:named', ['ada']],
      ['shared-key', 'int-3:shared', ['ada']],
    ]);
    for (const kind of ['shared-key', 'left-person', 'different-names']) {
      const { items } = await get<Page<Review>>('/matching-reviews', { kind });
      expect(items).toMatchObject([{ kind, message: expect.stringMatching(/./) }]);
    }
    expect(await reviews({ integration: 'int-2' })).toEqual([['several-matches', 'int-2:several', ['ada', 'bob']]]);
    expect(await reviews({ kind: 'second-account' })).toEqual([['second-account', 'int-1:second', ['bob']]]);
  });

  it('list active accounts of people who are not', async () => {
    expect(await reviews({ kind: 'inactive-person' })).toEqual([['inactive-person', 'int-1:held', ['held']]]);
  });
});

it('shows which source is believed first for which attribute', async () => {
  expect(await get('/sources-of-truth')).toEqual({ version: 4, sources: { job_title: ['int-2', 'int-1'] } });
});
