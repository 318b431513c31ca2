import { describe, expect, it } from '@jest/globals';
import { isWorthRefetching, type VendorErrorCode } from '@rollcall/connector-kit';

import { Bench, type BenchOptions } from './bench.js';
import type { Alteration } from './simulated-egress.js';
import { matrixVendors } from './vendors.js';

const places = [1, 2, 3] as const;

/** Changes what the vendor says on one page of its listing. */
function onPage(page: number, change: (text: string) => string): Alteration {
  return (text, { call }) => (call.operation === 'list' && call.page === page ? change(text) : text);
}

function listRequests({ egress }: Bench): number {
  return egress.ofOperation('list').length;
}

/** Ends with one of these reasons, or read everybody: nothing between. */
async function readsAllOrFails(bench: Bench, ...codes: VendorErrorCode[]): Promise<'complete' | 'failed'> {
  const { summary, error } = await bench.read();
  if (error === null) {
    expect(summary?.distinct).toBe(bench.accounts().length);
    return 'complete';
  }
  expect(codes).toContain(bench.named(error).code);
  return 'failed';
}

describe.each(matrixVendors)('a listing of $id whose pages', (matrix) => {
  const isCounted = matrix.counts !== 'never';
  const fresh = (options: BenchOptions = {}): Bench => new Bench(matrix, { ownCompany: true, ...options });

  it.each(places)('V11: lose half of page %d lose nobody unnoticed', async (page) => {
    const bench = new Bench(matrix, { alter: onPage(page, matrix.halve) });
    const { summary, error, users } = await bench.read();
    if (isCounted && error !== null) {
      const { code } = bench.named(error);
      expect(['read-count-mismatch', 'read-empty-page', 'vendor-answer-unexpected']).toContain(code);
      return;
    }
    if (isCounted) {
      // Whoever goes on behind the users that came, and not behind those asked for, gets the lost half next.
      expect(summary?.distinct).toBe(bench.users);
      return;
    }
    // Nothing in this vendor's answer tells; whoever was lost is asked for by id before anything happens to them.
    expect(summary?.distinct).toBeLessThan(bench.users);
    const listed = new Set(users.map(({ id }) => id));
    const lost = bench.accounts().find(({ id }) => !listed.has(id))!;
    const answer = await matrix.connector.getUser(bench.context, bench.referenceTo(lost));
    expect(answer).toMatchObject({ kind: 'found', user: { id: lost.id, status: 'active' } });
  });

  it('V12: hold nobody is complete and empty, for the guard to judge', async () => {
    const bench = new Bench(matrix, { alter: onPage(1, () => matrix.pageOf([], 0)) });
    const { summary, error, users } = await bench.read();
    expect(error).toBeNull();
    expect(summary).toMatchObject({ distinct: 0, pages: 1 });
    expect(users).toEqual([]);
    expect(listRequests(bench)).toBe(1);
  });

  it.each(places)('V13: are empty on page %d, while more users were announced, is incomplete', async (page) => {
    const bench = new Bench(matrix);
    bench.plan({ kind: 'empty-page' }, { page, times: 'always' });
    const { summary, error } = await bench.read();
    // An empty last page is an end like any other where the vendor counts nothing.
    if (error === null) {
      expect([matrix.counts, page]).toEqual(['never', 3]);
      expect(summary!.distinct).toBeLessThan(bench.users);
      return;
    }
    expect(['read-empty-page', 'read-count-mismatch']).toContain(bench.named(error).code);
    expect(listRequests(bench)).toBeLessThanOrEqual(10);
  });

  it.each([2, 3])('V13: repeat the page before page %d end at the first repetition', async (page) => {
    const bench = new Bench(matrix);
    bench.plan({ kind: 'duplicate-page' }, { page, times: 'always' });
    const { error } = await bench.read();
    const { code } = bench.named(error);
    expect(['read-page-repeated', 'vendor-answer-unexpected', 'read-count-mismatch']).toContain(code);
    expect(listRequests(bench)).toBe(page);
  });

  it('V13: go round in a circle end where it closes', async () => {
    let first: string | null = null;
    const keep = onPage(1, (text) => (first ??= text));
    const bench = new Bench(matrix, {
      alter: (text, exchange) => onPage(3, () => first!)(keep(text, exchange), exchange),
    });
    const { error } = await bench.read();
    const { code } = bench.named(error);
    expect(['read-page-repeated', 'vendor-answer-unexpected', 'read-count-mismatch']).toContain(code);
    expect(listRequests(bench)).toBeLessThanOrEqual(3);
  });

  it.each(places.slice(1))(
    'V14: are forgotten by the vendor before page %d are read again from the first',
    async (page) => {
      for (const { status, body } of [...matrix.expiredCursors, { status: 410, body: '' }]) {
        const bench = new Bench(matrix);
        bench.plan({ kind: 'body', status, body }, { page });
        const { error } = await bench.read();
        expect(bench.named(error).code).toBe('read-cursor-expired');
        expect(isWorthRefetching(error)).toBe(true);
        expect(listRequests(bench)).toBe(page);
        expect(await readsAllOrFails(bench)).toBe('complete');
      }
    },
  );

  it.each(places)('V14: state another total on page %d is incomplete, and worth reading again', async (page) => {
    const bench = new Bench(matrix);
    bench.plan({ kind: 'total', total: Math.floor(bench.users * 0.8) }, { page, times: 'always' });
    const { error } = await bench.read();
    const states = matrix.counts === 'every-page' || (matrix.counts === 'first-page' && page === 1);
    if (!states) {
      expect(error).toBeNull();
      return;
    }
    expect(['read-total-moved', 'read-count-mismatch']).toContain(bench.named(error).code);
    expect(isWorthRefetching(error)).toBe(true);
  });

  it('V15: hold a user twice, alike, show them once or are incomplete', async () => {
    const bench = fresh();
    const twin = bench.someone();
    bench.vendor.control.mutate([{ op: 'duplicate-id', vendor: matrix.id, id: twin.id }]);
    const { summary, error, users } = await bench.read();
    expect(users.filter(({ id }) => id === twin.id)).toHaveLength(1);
    if (error === null) expect(summary).toMatchObject({ distinct: bench.users, duplicates: [] });
    else expect(bench.named(error).code).toBe('read-count-mismatch');
  });

  it('V15: hold a user twice, differently, name them or are incomplete', async () => {
    const bench = fresh();
    const twin = bench.someone();
    const fields = { [matrix.plainField]: 'Another Name' };
    bench.vendor.control.mutate([{ op: 'duplicate-id', vendor: matrix.id, id: twin.id, fields }]);
    const { summary, error, users } = await bench.read();
    expect(users.filter(({ id }) => id === twin.id).length).toBeLessThanOrEqual(1);
    if (error === null) {
      expect(summary).toMatchObject({ distinct: bench.users, duplicates: [expect.objectContaining({ id: twin.id })] });
    } else {
      expect(bench.named(error).code).toBe('read-count-mismatch');
    }
  });

  it.each([2, 3])('V16: move by a removal before page %d leave out nobody unnoticed', async (page) => {
    const bench = fresh();
    const gone = bench.someone(3);
    const stayed = bench.accounts().filter(({ id }) => id !== gone.id);
    bench.plan({ kind: 'mutate', mutations: [{ op: 'remove-user', vendor: matrix.id, id: gone.id }] }, { page });
    const { error, users } = await bench.read();
    if (error !== null) {
      expect(isWorthRefetching(error)).toBe(true);
      bench.named(error);
    } else {
      const listed = new Set(users.map(({ id }) => id));
      expect(stayed.filter(({ id }) => !listed.has(id))).toEqual([]);
    }
    expect(await readsAllOrFails(bench)).toBe('complete');
  });

  it.each([2, 3])(
    'V16: move by an addition and a removal before page %d never lose somebody for good',
    async (page) => {
      const bench = fresh();
      const gone = bench.someone(3);
      const stayed = bench.accounts().filter(({ id }) => id !== gone.id);
      const mutations = [
        { op: 'remove-user' as const, vendor: matrix.id, id: gone.id },
        { op: 'add-user' as const, vendor: matrix.id, email: 'new.hire@harbour.example' },
      ];
      bench.plan({ kind: 'mutate', mutations }, { page });
      const { error, users } = await bench.read();
      if (error === null && matrix.connector.manifest.capabilities.confirmById) {
        // The total is as before, so only the look at single users is left: it finds everybody whom paging lost.
        const listed = new Set(users.map(({ id }) => id));
        for (const lost of stayed.filter(({ id }) => !listed.has(id))) {
          const answer = await matrix.connector.getUser(bench.context, bench.referenceTo(lost));
          expect(answer).toMatchObject({ kind: 'found', user: { id: lost.id } });
        }
      }
      if (error !== null) bench.named(error);
      // The next complete read shows them all; two such reads come before an absence counts where nobody can be asked.
      expect(await readsAllOrFails(bench)).toBe('complete');
    },
  );

  it('V16: are read while somebody is renamed show them once', async () => {
    const bench = fresh();
    const renamed = bench.someone(3);
    const mutation = {
      op: 'rename-email',
      vendor: matrix.id,
      id: renamed.id,
      newEmail: 'zz.new@harbour.example',
    } as const;
    bench.plan({ kind: 'mutate', mutations: [mutation] }, { page: 2 });
    const { error, users } = await bench.read();
    expect(users.filter(({ id }) => id === renamed.id).length).toBeLessThanOrEqual(1);
    if (error === null) expect(users).toHaveLength(bench.users);
    else expect(isWorthRefetching(error)).toBe(true);
  });
});

describe.each(matrixVendors)('a credential of $id that', (matrix) => {
  it.each(places)('V18: ends before page %d is renewed once, and the same page is asked for again', async (page) => {
    let renewals = 0;
    const bench = new Bench(matrix, {
      renew: (_refused, owner) => {
        renewals += 1;
        return owner.materialOf(2);
      },
    });
    bench.plan({ kind: 'auth-error' }, { page });
    const { summary } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
    expect(renewals).toBe(1);
    expect(listRequests(bench)).toBe(4);
  });

  it('V19: is refused again after its renewal is not tried a third time', async () => {
    let renewals = 0;
    const bench = new Bench(matrix, {
      renew: (_refused, owner) => {
        renewals += 1;
        return owner.materialOf(2);
      },
    });
    bench.plan({ kind: 'auth-error' }, { page: 2, times: 'always' });
    const { error } = await bench.read();
    expect(bench.named(error).code).toBe('vendor-auth-rejected');
    expect(renewals).toBe(1);
    expect(listRequests(bench)).toBe(3);
  });

  it('V19: lost a right after its renewal is named so', async () => {
    const bench = new Bench(matrix, { renew: (_refused, owner) => owner.materialOf(2) });
    bench.plan({ kind: 'auth-error' }, { page: 2 });
    bench.plan({ kind: 'status', status: 403 }, { page: 2, nth: 2 });
    const { error } = await bench.read();
    expect(bench.named(error).code).toBe('vendor-forbidden');
    expect(listRequests(bench)).toBe(3);
  });

  it('V18: has no newer secret fails with its reason', async () => {
    const bench = new Bench(matrix);
    bench.plan({ kind: 'auth-error' }, { page: 2, times: 'always' });
    const { error } = await bench.read();
    expect(bench.named(error).code).toBe('vendor-auth-rejected');
    expect(listRequests(bench)).toBe(2);
  });
});

const tokenVendors = matrixVendors.filter(({ type }) => type === 'oauth2-client-credentials');

it.each(tokenVendors)('V18: a token of $id that runs out between two pages is replaced', async (matrix) => {
  let renewals = 0;
  const bench: Bench = new Bench(matrix, {
    tokenLifeSeconds: 60,
    ownCompany: true,
    renew: (_refused, owner) => {
      renewals += 1;
      return owner.materialOf(2);
    },
    // Time goes by before the second page, as with a slow vendor.
    alter: (text, { call }) => {
      if (call.operation === 'list' && call.page === 1) void bench.pacing.sleep(120_000);
      return text;
    },
  });
  const { summary } = await bench.read();
  expect(summary?.distinct).toBe(bench.users);
  expect(renewals).toBe(1);
});
