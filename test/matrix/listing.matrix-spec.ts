import { describe, expect, it } from '@jest/globals';

import { Bench, origin } from './bench.js';
import { type PageRow, pageRows } from './listing-rows.js';
import type { Sent, WayFailure } from './simulated-egress.js';
import { type MatrixVendor, matrixVendors } from './vendors.js';

const places = [
  [1, 'first'],
  [2, 'middle'],
  [3, 'last'],
] as const;

const pagesAsked = (sent: readonly Sent[]): number[] =>
  sent.flatMap(({ exchange }) => (exchange?.call.operation === 'list' ? (exchange.call.page ?? []) : []));

/** Fails on the way to a page: after so many others arrived. */
function wayTo(page: number, failure: ReturnType<WayFailure>, times: PageRow['times']): WayFailure {
  return (sent, { url, method }) => {
    const isList = !url.includes('/token') && !url.includes('/sites') && (method === 'GET' || method === 'POST');
    const arrived = pagesAsked(sent).length;
    const failures = sent.filter(({ exchange }) => exchange === null).length;
    return isList && arrived === page - 1 && (times === 'always' || failures < times) ? failure : null;
  };
}

function benchOf(matrix: MatrixVendor, { fault, times }: PageRow, page: number): Bench {
  if ('way' in fault) return new Bench(matrix, { way: wayTo(page, fault.way, times) });
  const bench = new Bench(matrix);
  bench.plan(fault, { page, times });
  return bench;
}

/** Requests for a page: those that met the fault, and the one that got over it. */
function requestsFor(bench: Bench, page: number): Sent[] {
  return bench.egress.sent.filter(
    ({ exchange }, index) =>
      (exchange?.call.operation === 'list' && exchange.call.page === page) ||
      (exchange === null && pagesAsked(bench.egress.sent.slice(0, index)).length === page - 1),
  );
}

function checkWaits(requests: readonly Sent[], atLeastMs: number): void {
  for (const [index, { at }] of requests.slice(1).entries()) {
    expect(at - requests[index]!.at).toBeGreaterThanOrEqual(atLeastMs);
  }
}

describe.each(matrixVendors)('a listing of $id', (matrix) => {
  describe.each(places)('on page %d, the %s,', (page, _place) => {
    it.each(pageRows)('$row: $what', async (row) => {
      const bench = benchOf(matrix, row, page);
      const { summary, error, users } = await bench.read();
      if (row.expected.outcome === 'complete') {
        expect(error).toBeNull();
        expect(summary?.distinct).toBe(bench.users);
      } else {
        expect(summary).toBeNull();
        const reason = bench.named(error);
        expect(row.expected.codes).toContain(reason.code);
        // What was read so far is kept, and nothing of the bad page.
        expect(users).toHaveLength((page - 1) * matrix.pageSize);
      }
      const requests = requestsFor(bench, page);
      expect(requests).toHaveLength(row.requests);
      if (row.waitsAtLeastMs !== undefined) checkWaits(requests, row.waitsAtLeastMs);
      for (const { request } of bench.egress.sent) expect(new URL(request.url).origin).toBe(origin);
    });
  });

  it('V4: gets over failures of every third request', async () => {
    const bench = new Bench(matrix);
    bench.plan({ kind: 'status', status: 503 }, { probability: 0.3 });
    const { summary } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
  });

  it('V2: asks at most sixty times in an hour', async () => {
    const bench = new Bench(matrix);
    bench.plan({ kind: 'rate-limit' }, { times: 'always' });
    await bench.read();
    const times = bench.egress.sent.map(({ at }) => at);
    for (const time of times)
      expect(times.filter((other) => other >= time && other < time + 3_600_000).length).toBeLessThan(61);
  });

  it('V27: takes its time with a slow vendor', async () => {
    const bench = new Bench(matrix, {
      way: (sent) => {
        void bench.pacing.sleep(sent.length < 0 ? 0 : 10_000);
        return null;
      },
    });
    expect((await bench.read()).summary?.distinct).toBe(bench.users);
  });
});
