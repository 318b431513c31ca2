import { describe, expect, it } from '@jest/globals';
import { VendorError } from '@rollcall/connector-kit';

import { Bench, origin } from './bench.js';
import { disturbed } from './faults.js';
import { pageRows } from './listing-rows.js';
import { matrixVendors } from './vendors.js';

const asked = matrixVendors.filter(({ connector }) => connector.manifest.capabilities.confirmById);

/** "Not found" that is not the vendor's word about a user: of a proxy, a wrong address, or in a form nobody knows. */
const otherNotFounds = [
  ['a web page', '<html><body>404 Not Found</body></html>'],
  ['an empty list', '[]'],
  ['an empty object', '{}'],
  ['null', 'null'],
  ['half an object', '{"message":'],
] as const;

describe.each(asked)('asking $id for one user', (matrix) => {
  it.each(pageRows)('$row: $what', async (row) => {
    const bench = disturbed(matrix, 'get', row, { pages: 1 });
    const account = bench.someone();
    const answer = await matrix.connector
      .getUser(bench.context, bench.referenceTo(account))
      .catch((error: unknown) => bench.named(error));
    if (row.expected.outcome === 'complete') {
      expect(answer).toMatchObject({ kind: 'found', user: { id: account.id } });
    } else {
      expect(row.expected.codes).toContain((answer as { code?: unknown }).code);
    }
    expect(bench.egress.sent).toHaveLength(row.requests);
    for (const { request } of bench.egress.sent) expect(new URL(request.url).origin).toBe(origin);
  });

  it.each(otherNotFounds)('does not take a 404 with %s for the word that they are gone', async (_what, body) => {
    const bench = new Bench(matrix, { pages: 1 });
    bench.plan({ kind: 'body', status: 404, body }, { operation: 'get', times: 'always' });
    const answer = matrix.connector.getUser(bench.context, bench.referenceTo(bench.someone()));
    await expect(answer).rejects.toBeInstanceOf(VendorError);
  });

  it('V24: says that somebody is gone when nobody has their id any more, whoever has their name', async () => {
    const bench = new Bench(matrix, { pages: 1 });
    const account = bench.someone();
    const ids = new Set(bench.accounts().map(({ id }) => id));
    const vendorId = [...'0123456789'].map((digit) => account.id.slice(0, -1) + digit).find((id) => !ids.has(id))!;
    const answer = matrix.connector.getUser(bench.context, { ...bench.referenceTo(account), vendorId });
    await expect(answer).resolves.toMatchObject({ kind: 'gone' });
  });

  it('refuses the record of another user than the one asked for', async () => {
    let first: string | null = null;
    const bench = new Bench(matrix, { pages: 1, alter: (text) => (first ??= text) });
    const [one, other] = bench.accounts();
    await matrix.connector.getUser(bench.context, bench.referenceTo(other!));
    const answer = matrix.connector.getUser(bench.context, bench.referenceTo(one!));
    await expect(answer).rejects.toMatchObject({ code: 'vendor-answer-unexpected' });
  });
});
