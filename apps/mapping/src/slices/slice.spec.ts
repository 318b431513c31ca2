import { describe, expect, it } from '@jest/globals';
import type { ConsumedMessage } from '@rollcall/messaging';

import { cutSlices, digestOf, type RecordsSlice } from './slice.js';

const user = (id: string) => ({
  id,
  status: 'active',
  role: null,
  lastActivityAt: null,
  administrator: false,
  username: null,
  raw: {},
});
const message = (offset: number, value: unknown, overrides: Partial<ConsumedMessage> = {}): ConsumedMessage => ({
  offset,
  key: 'acme',
  value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: { t: '1000' },
  ...overrides,
});
const records = (offset: number, count: number, overrides: { i?: string; g?: number; r?: string } = {}) =>
  message(
    offset,
    {
      k: 'records',
      i: 'acme',
      g: 1,
      r: 'run',
      u: Array.from({ length: count }, (_, index) => user(`${offset}-${index}`)),
      ...overrides,
    },
    { key: overrides.i ?? 'acme' },
  );
const end = (offset: number) => message(offset, { k: 'end', i: 'acme', g: 1, r: 'run', count: 0 });

describe('cutting slices (B1)', () => {
  it('takes whole messages of one integration and generation up to 1000 users', () => {
    const slices = [...cutSlices(Array.from({ length: 45 }, (_, index) => records(index, 50)))] as RecordsSlice[];
    expect(slices.map((slice) => [slice.first.offset, slice.last.offset, slice.messages.length])).toEqual([
      [0, 19, 20],
      [20, 39, 20],
      [40, 44, 5],
    ]);
  });

  it('never cuts a message, even one that is larger than a slice', () => {
    const slices = [...cutSlices([records(0, 600), records(1, 600), records(2, 1200)])] as RecordsSlice[];
    expect(slices.map((slice) => slice.messages.map(({ users }) => users.length))).toEqual([[600], [600], [1200]]);
  });

  it('keeps users of different runs apart, and calls a message poison whose key is not its integration', () => {
    const slices = [...cutSlices([records(0, 1), records(1, 1, { r: 'other' }), { ...records(2, 1), key: 'other' }])];
    expect(slices.map(({ kind, first }) => [kind, first.offset])).toEqual([
      ['records', 0],
      ['records', 1],
      ['poison', 2],
    ]);
  });

  it('passes over what nobody may act on, in its place and without looking into it', () => {
    const refusal = { code: 'message-not-authentic', reason: 'test' };
    const refused = (offset: number) => ({ ...records(offset, 1), refusal });
    const slices = [...cutSlices([records(0, 1), refused(1), refused(2), records(3, 1), { ...end(4), refusal }])];
    expect(slices.map((slice) => [slice.kind, slice.first.offset, slice.last.offset])).toEqual([
      ['records', 0, 0],
      ['refused', 1, 2],
      ['records', 3, 3],
      ['refused', 4, 4],
    ]);
    const many = [...cutSlices(Array.from({ length: 1200 }, (_, index) => refused(index)))];
    expect(many.map(({ last }) => last.offset)).toEqual([499, 999, 1199]);
  });

  it('begins anew with another integration, another generation and every control message', () => {
    const batch = [records(0, 1), records(1, 1, { i: 'other' }), records(2, 1, { i: 'other', g: 2 }), end(3), end(4)];
    const slices = [...cutSlices([...batch, records(5, 1), records(6, 1)])];
    expect(slices.map((slice) => [slice.kind, slice.first.offset, slice.last.offset])).toEqual([
      ['records', 0, 0],
      ['records', 1, 1],
      ['records', 2, 2],
      ['control', 3, 3],
      ['control', 4, 4],
      ['records', 5, 6],
    ]);
  });

  it('does not wait for more: an empty batch has no slice', () => {
    expect([...cutSlices([])]).toEqual([]);
  });

  it('marks first and last message with their digests, and keeps when each page was asked for', () => {
    const [first, last] = [records(7, 1), records(8, 1, {})];
    const [slice] = [...cutSlices([first, { ...last, headers: { t: '2000' } }])] as [RecordsSlice];
    expect(slice.first).toEqual({ offset: 7, digest: digestOf(first) });
    expect(slice.last).toEqual({ offset: 8, digest: digestOf(last) });
    expect(slice.messages.map(({ askedAt }) => askedAt)).toEqual([1000, 2000]);
  });
});

describe('digests of messages (B2)', () => {
  it('are equal for equal bytes only', () => {
    expect(digestOf(records(1, 2))).toBe(digestOf({ ...records(1, 2), offset: 9, key: 'other' }));
    expect(digestOf(records(1, 2))).not.toBe(digestOf(records(2, 2)));
    expect(digestOf(message(1, '', { value: null }))).toBe(digestOf(message(1, '')));
  });
});

describe('messages that are none (B6)', () => {
  const base = { k: 'records', i: 'acme', g: 1, r: 'run' };
  const cases: [string, ConsumedMessage][] = [
    ['no value', message(0, '', { value: null })],
    ['no JSON', message(0, '{"k":')],
    ['JSON null', message(0, 'null')],
    ['an unknown kind', message(0, { ...base, k: 'page', u: [user('a')] })],
    ['no users', message(0, { ...base, u: [] })],
    ['users that are no list', message(0, { ...base, u: { 0: user('a') } })],
    ['a generation that is no whole number', message(0, { ...base, g: 1.5, u: [user('a')] })],
    ['a generation beyond what numbers can hold', message(0, `{"k":"records","i":"a","g":1e300,"r":"r","u":[]}`)],
    ['an empty id', message(0, { ...base, u: [user('')] })],
    ['an id that is a number', message(0, { ...base, u: [{ ...user('a'), id: 7 }] })],
    ['an unknown status', message(0, { ...base, u: [{ ...user('a'), status: 'suspended' }] })],
    ['a user name that is no text', message(0, { ...base, u: [{ ...user('a'), username: 7 }] })],
    ['a user without vendor data', message(0, { ...base, u: [{ ...user('a'), raw: null }] })],
    ['no page time', records(0, 1, {})],
    ['an empty page time', { ...records(0, 1), headers: { t: '' } }],
    ['a page time that is no number', { ...records(0, 1), headers: { t: 'noon' } }],
    ['an END without count', message(0, { ...base, k: 'end' })],
  ];

  it.each(cases)('are poison: %s', (name, poison) => {
    const broken = name === 'no page time' ? { ...poison, headers: {} } : poison;
    expect([...cutSlices([broken])]).toMatchObject([{ kind: 'poison', integration: 'acme', first: { offset: 0 } }]);
  });

  it('name the integration by the key of the message, or nobody without one', () => {
    const [slice] = [...cutSlices([message(3, 'x', { key: null })])];
    expect(slice).toMatchObject({ kind: 'poison', integration: null, reason: 'the value is not JSON' });
  });

  it('stop neither what came before nor what comes after', () => {
    const slices = [...cutSlices([records(0, 1), message(1, 'x'), records(2, 1)])];
    expect(slices.map(({ kind }) => kind)).toEqual(['records', 'poison', 'records']);
  });
});
