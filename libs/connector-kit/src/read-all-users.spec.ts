import { describe, expect, it } from '@jest/globals';
import { type RawUser } from '@rollcall/contracts';

import { type Connector, type ConnectorContext, type UserPage } from './connector.js';
import { isWorthRefetching, readAllUsers, type ReadSummary } from './read-all-users.js';
import { VendorError } from './vendor-error.js';

const user = (id: string, overrides: Partial<RawUser> = {}): RawUser => ({
  id,
  status: 'active',
  role: null,
  lastActivityAt: null,
  administrator: false,
  username: `${id}@example.com`,
  raw: { id },
  ...overrides,
});
const range = (from: number, to: number): RawUser[] =>
  Array.from({ length: to - from }, (_, index) => user(String(from + index)));

let pageNumber = 0;
const page = (users: RawUser[], overrides: Partial<UserPage> = {}): UserPage => ({
  users,
  askedAt: 0,
  last: false,
  total: 100,
  digest: `digest ${(pageNumber += 1)}`,
  ...overrides,
});

async function read(pages: Iterable<UserPage>, { statesTotal = true, maxPages = 10_000 } = {}) {
  const connector = {
    manifest: { name: 'Example Vendor', capabilities: { statesTotal } },
    listUsers: async function* () {
      for (const next of pages) yield await Promise.resolve(next);
    },
  } as unknown as Connector;
  const users: string[] = [];
  const reading = readAllUsers(connector, {} as ConnectorContext, { maxPages });
  for (;;) {
    const next = await reading.next();
    if (next.done) return { users, summary: next.value };
    users.push(...next.value.users.map(({ id }) => id));
  }
}

async function failure(pages: Iterable<UserPage>, options?: Parameters<typeof read>[1]): Promise<VendorError> {
  const error: unknown = await read(pages, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(VendorError);
  return error as VendorError;
}

describe('readAllUsers', () => {
  it('returns the proof of a complete read', async () => {
    const { users, summary } = await read([page(range(0, 60)), page(range(60, 100), { last: true })]);
    expect(users).toHaveLength(100);
    expect(summary).toEqual({ distinct: 100, pages: 2, total: 100, duplicates: [] } satisfies ReadSummary);
  });

  it('lets an empty company through as empty', async () => {
    const { summary } = await read([page([], { last: true, total: 0 })]);
    expect(summary).toMatchObject({ distinct: 0, total: 0 });
  });

  it.each<[string, () => UserPage[], string, boolean]>([
    ['no terminal marker (a)', () => [page(range(0, 100))], 'read-not-finished', false],
    ['fewer users than the total (b, V11)', () => [page(range(0, 50), { last: true })], 'read-count-mismatch', true],
    ['more users than the total (b)', () => [page(range(0, 101), { last: true })], 'read-count-mismatch', true],
    [
      'a total that grows (V14)',
      () => [page(range(0, 50)), page(range(50, 101), { total: 101, last: true })],
      'read-total-moved',
      true,
    ],
    [
      'a total that goes missing',
      () => [page(range(0, 50)), page(range(50, 100), { total: null, last: true })],
      'vendor-answer-unexpected',
      false,
    ],
    ['an empty page in the middle (V13)', () => [page(range(0, 50)), page([])], 'read-empty-page', false],
    [
      'a repeated page (V13)',
      () => [page(range(0, 50), { digest: 'a' }), page(range(0, 50), { digest: 'a' })],
      'read-page-repeated',
      false,
    ],
    [
      'a cycle of pages A, B, A (V13)',
      () => ['A', 'B', 'A'].map((digest) => page(range(0, 10), { digest })),
      'read-page-repeated',
      false,
    ],
    ['an id that is empty', () => [page([user('')])], 'vendor-record-unusable', false],
    ['an id of 4 KB (V23)', () => [page([user('x'.repeat(4096))])], 'vendor-record-unusable', false],
    [
      'unknown status for more than 5 % (V26)',
      () => [
        page([...range(0, 94), ...range(94, 100).map((one) => ({ ...one, status: 'unknown' as const }))], {
          last: true,
        }),
      ],
      'read-status-unknown',
      false,
    ],
  ])('ends with a named reason on %s', async (_, pages, code, refetch) => {
    const error = await failure(pages());
    expect(error.code).toBe(code);
    expect(isWorthRefetching(error)).toBe(refetch);
  });

  it('bears an unknown status of exactly 5 %', async () => {
    const odd = range(95, 100).map((one) => ({ ...one, status: 'unknown' as const }));
    expect((await read([page([...range(0, 95), ...odd], { last: true })])).summary.distinct).toBe(100);
  });

  it('stops at the cap of pages instead of cutting the list short', async () => {
    const endless = function* (): Generator<UserPage> {
      for (let number = 0; ; number += 1) yield page([user(String(number))]);
    };
    expect((await failure(endless(), { maxPages: 20 })).code).toBe('read-too-many-pages');
  });

  it('folds equal duplicates while the total still fits (V15)', async () => {
    const pages = [page(range(0, 60)), page([user('59'), ...range(60, 100)], { last: true })];
    const { users, summary } = await read(pages);
    expect(users).toHaveLength(100);
    expect(summary.duplicates).toEqual([]);
  });

  it('reports differing duplicates as one record each and keeps the others (V15)', async () => {
    const renamed = user('59', { username: 'new@example.com', raw: { id: '59', name: 'new' } });
    const { users, summary } = await read([page(range(0, 60)), page([renamed, ...range(60, 100)], { last: true })]);
    expect(users).toHaveLength(100);
    expect(summary.duplicates).toEqual([{ id: '59', username: 'new@example.com', page: 2 }]);
  });

  it('does not trust a listing with duplicates where no total is stated (c)', async () => {
    const pages = [page([user('1')], { total: null }), page([user('1'), user('2')], { total: null, last: true })];
    expect((await failure(pages, { statesTotal: false })).code).toBe('read-count-mismatch');
  });

  it.each([
    ['vendor-record-unusable', { record: 17 }, 'It was record 17 of page 2 of the list.'],
    ['vendor-answer-unreadable', {}, 'It was page 2 of the list.'],
  ] as const)('says where %s was met', async (code, details, where) => {
    const pages = (function* () {
      yield page(range(0, 50));
      throw new VendorError(code, 'It could not be read.', { details });
    })();
    const error = await failure(pages);
    expect(error).toMatchObject({ code, message: `It could not be read. ${where}`, details: { ...details, page: 2 } });
  });

  it('names record and page of an id that cannot be used', async () => {
    const { message } = await failure([page(range(0, 50)), page([user('51'), user('x'.repeat(513))])]);
    expect(message).toMatch(/^Record 2 of page 2 of Example Vendor has no id that can be used/);
  });

  it('does not take users whose record could not be read for users without a status', async () => {
    const problem = { code: 'record-too-large', message: 'too large' };
    const odd = range(50, 100).map((one) => ({ ...one, status: 'unknown' as const, problem }));
    expect((await read([page([...range(0, 50), ...odd], { last: true })])).summary.distinct).toBe(100);
  });

  it('asks for no page after the last', async () => {
    const pages = (function* () {
      yield page(range(0, 100), { last: true });
      throw new Error('asked for a page after the last');
    })();
    expect((await read(pages)).summary.pages).toBe(1);
  });
});
