import { describe, expect, it } from '@jest/globals';
import { rawUserSchema } from '@rollcall/contracts';
import type { Mutation, RawAccount } from '@rollcall/vendor-simulator';

import { Bench } from './bench.js';
import { type MatrixVendor, matrixVendors } from './vendors.js';

const small = (matrix: MatrixVendor): Bench => new Bench(matrix, { pages: 1, ownCompany: true });

function setFields(bench: Bench, account: RawAccount, fields: Readonly<Record<string, unknown>>): void {
  const mutations = Object.entries(fields).map(([field, value]): Mutation => ({
    op: 'set-field',
    vendor: bench.matrix.id,
    id: account.id,
    field,
    value,
  }));
  bench.vendor.control.mutate(mutations);
}

/** One more record, like another in everything but its id; `wire` is the id as JSON text. */
function plant(bench: Bench, id: string, wire: string): void {
  const { idFields } = bench.matrix;
  const { record } = bench.someone(3);
  const others = Object.entries(record).filter(([name]) => !idFields.includes(name));
  const members = [
    ...idFields.map((name) => `${JSON.stringify(name)}:${wire}`),
    ...others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
  ];
  bench.vendor.control.mutate([{ op: 'plant-record', vendor: bench.matrix.id, id, json: `{${members.join(',')}}` }]);
}

interface OddIds {
  readonly what: string;
  readonly ids: readonly unknown[];
}

/** V23. Ids that careless code rounds, folds, trims or walks into. */
const oddIds: readonly OddIds[] = [
  { what: 'differ in case only', ids: ['AbC-1', 'aBc-1'] },
  { what: 'differ in leading zeros only', ids: ['007', '7'] },
  { what: 'differ in spaces only', ids: [' 42', '42 ', '42'] },
  { what: 'step upwards', ids: ['..', '.'] },
  { what: 'name a prototype', ids: ['__proto__', 'constructor', 'hasOwnProperty'] },
  { what: 'are emoji', ids: ['👩‍💻', '👩'] },
  { what: 'differ in their composition only', ids: ['\u00e9', 'e\u0301'] },
  { what: 'are empty', ids: [''] },
  { what: 'have 4 KB', ids: ['x'.repeat(4096)] },
  { what: 'are greater than a number can hold', ids: [9007199254740993n, 9007199254740992n] },
  { what: 'are a number and the same digits as text', ids: [123456, '123456'] },
  { what: 'are null, a list and an object', ids: [null, [], {}] },
];

/** JSON cannot say a bigint, but a vendor can. */
const wireOf = (id: unknown): string => (typeof id === 'bigint' ? String(id) : JSON.stringify(id));

const nasty = [
  '=cmd|calc!A0',
  '<script>alert(1)</script>',
  'a\r\nX-Injected: 1',
  '{{secret}}',
  '{"$where":"1"}',
  '\u001b[31mred\u001b[0m',
  '\u202eright to left',
  'nul\u0000inside',
  '\ud83d lone surrogate',
];

describe.each(matrixVendors)('users of $id whose', (matrix) => {
  it.each(oddIds)('V23: ids $what are all kept apart, or the listing is refused', async ({ ids }) => {
    const bench = small(matrix);
    for (const id of ids) plant(bench, typeof id === 'string' ? id : wireOf(id), wireOf(id));
    const { summary, error, users } = await bench.read();
    if (error !== null) {
      bench.named(error);
      return;
    }
    expect(summary?.distinct).toBe(bench.users + ids.length);
    const texts = ids.map((id) => (typeof id === 'string' ? id : wireOf(id)));
    expect(users.map(({ id }) => id)).toEqual(expect.arrayContaining(texts));
  });

  it.each(oddIds.slice(0, 3))('V23: ids $what are read where ids are text', async ({ ids }) => {
    const bench = small(matrix);
    const areText = typeof bench.accounts()[0]!.record[matrix.idFields[0] ?? 'id'] !== 'number';
    for (const id of ids) plant(bench, String(id), wireOf(id));
    const { error } = await bench.read();
    // Numeric ids in a form that the vendor never writes are refused with the whole page.
    expect(error === null).toBe(areText);
  });

  const { statusField } = matrix;
  if (statusField !== null) {
    it.each(['maybe', -1, {}, [], ''])('V25: status is new (%j) are never read as inactive', async (value) => {
      const bench = small(matrix);
      const account = bench.someone();
      setFields(bench, account, { [statusField]: value });
      const { error, users } = await bench.read();
      expect(error).toBeNull();
      expect(users.find(({ id }) => id === account.id)?.status).not.toBe('inactive');
    });

    it('V26: status is missing for all are not read at all', async () => {
      const bench = small(matrix);
      bench.vendor.control.mutate(
        bench.accounts().map(({ id }) => ({ op: 'remove-field', vendor: matrix.id, id, field: statusField })),
      );
      for (const field of matrix.otherStatusFields) {
        bench.vendor.control.mutate(
          bench.accounts().map(({ id }) => ({ op: 'remove-field', vendor: matrix.id, id, field })),
        );
      }
      const { error } = await bench.read();
      expect(bench.named(error).code).toBe('read-status-unknown');
    });

    it.each([
      ['one user in twenty at most', 0, true],
      ['more than one user in twenty', 1, false],
    ])('V26: status is missing for %s are read: %s', async (_share, more, isRead) => {
      const bench = small(matrix);
      const some = bench.accounts().slice(0, Math.floor(bench.users / 20) + more);
      for (const field of [statusField, ...matrix.otherStatusFields]) {
        bench.vendor.control.mutate(some.map(({ id }) => ({ op: 'remove-field', vendor: matrix.id, id, field })));
      }
      const { error, users } = await bench.read();
      expect(error === null).toBe(isRead);
      if (!isRead) expect(bench.named(error).code).toBe('read-status-unknown');
      expect(users.filter(({ status }) => status === 'inactive')).toEqual([]);
    });
  }

  it('V25: fields nobody knows come along untouched', async () => {
    const bench = small(matrix);
    const account = bench.someone();
    if (matrix.sendsUnasked) setFields(bench, account, { brandNewField: { nested: [1, null, 'x'] } });
    const { error, users } = await bench.read();
    expect(error).toBeNull();
    const found = users.find(({ id }) => id === account.id)!;
    expect(found.raw['brandNewField']).toEqual(matrix.sendsUnasked ? { nested: [1, null, 'x'] } : undefined);
  });

  it.each([0, 1_700_000_000, 1_700_000_000_000, '', '9999-12-31T23:59:59Z', '2026-03-08 02:30:00', 'soon', null, {}])(
    'V25: dates are %j stay users',
    async (value) => {
      const bench = small(matrix);
      const account = bench.someone();
      const dates = matrix.connector.manifest.fields.filter(
        ({ path }) => /time|date|login|_at|At$|created|change/i.test(path) && path !== statusField,
      );
      setFields(bench, account, Object.fromEntries(dates.map(({ path }) => [path, value])));
      const { error, users } = await bench.read();
      expect(error).toBeNull();
      const found = users.find(({ id }) => id === account.id)!;
      expect(rawUserSchema.parse(found)).toEqual(found);
      expect(found.status).toBe('active');
    },
  );

  it.each(['text', 'number', 'boolean', 'list', 'object'])(
    'V25: fields all turn into a %s stay users',
    async (form) => {
      const values: Record<string, unknown> = { text: 'x', number: 1, boolean: true, list: ['x'], object: { x: 1 } };
      const bench = small(matrix);
      const account = bench.someone();
      const kept = new Set([...matrix.idFields, statusField, ...matrix.otherStatusFields]);
      const fields = Object.keys(account.record).filter((name) => !kept.has(name));
      setFields(bench, account, Object.fromEntries(fields.map((name) => [name, values[form]])));
      const { error, users } = await bench.read();
      expect(error).toBeNull();
      const found = users.find(({ id }) => id === account.id)!;
      expect(rawUserSchema.parse(found)).toEqual(found);
    },
  );

  it.each(nasty)('V30: names hold %j are stored as data', async (text) => {
    const bench = small(matrix);
    const account = bench.someone();
    setFields(bench, account, { [matrix.plainField]: text });
    const { error, users } = await bench.read();
    expect(error).toBeNull();
    expect(users.find(({ id }) => id === account.id)?.raw[matrix.plainField]).toBe(text.toWellFormed());
  });

  it('V17: values have a megabyte are read', async () => {
    const bench = small(matrix);
    const account = bench.someone();
    setFields(bench, account, { [matrix.plainField]: 'x'.repeat(1_000_000) });
    const { summary } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
  });

  it('V17: record is over two megabytes are named, and seen', async () => {
    const bench = small(matrix);
    const account = bench.someone();
    setFields(bench, account, { [matrix.plainField]: 'x'.repeat(2_200_000) });
    const { summary, users } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
    const odd = users.filter(({ problem }) => problem !== undefined);
    expect(odd).toMatchObject([{ id: account.id, raw: {}, problem: { code: 'record-too-large' } }]);
    expect(odd[0]?.problem?.message).toContain(`"${matrix.plainField}"`);
  });

  it.each(['badgeId', 'ids', 'amountPaid'])('N4: %s is a number too large to be exact are read', async (field) => {
    const bench = new Bench(matrix, {
      pages: 1,
      alter: (text, { call }) =>
        call.operation === 'list'
          ? text.replace(`"${matrix.plainField}":`, `"${field}":12345678901234567890,"${matrix.plainField}":`)
          : text,
    });
    const { summary, users } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
    expect(users.map(({ raw }) => raw[field]).filter((value) => value !== undefined)).toEqual(['12345678901234567890']);
  });

  it('V17: record has five thousand keys are read', async () => {
    const bench = small(matrix);
    const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index]));
    setFields(bench, bench.someone(), { [matrix.plainField]: keys });
    const { summary } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
  });

  it('V17: record is ten thousand levels deep are named, and seen', async () => {
    const bench = new Bench(matrix, {
      pages: 1,
      alter: (text, { call }) =>
        call.operation === 'list'
          ? text.replace(/"[^"]*harbour\.example"/, `${'['.repeat(10_000)}1${']'.repeat(10_000)}`)
          : text,
    });
    const { summary, users } = await bench.read();
    expect(summary?.distinct).toBe(bench.users);
    expect(users.flatMap(({ problem }) => problem?.code ?? [])).toEqual(['record-too-deep']);
  });
});
