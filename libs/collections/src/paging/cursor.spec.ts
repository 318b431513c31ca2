import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodeCursor, encodeCursor, type SortValue } from './cursor.js';

const sortValues = fc.oneof<fc.Arbitrary<SortValue>[]>(
  fc.string({ maxLength: 50 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
);

const textOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('gives back the sort key and id that it was made of', () => {
    fc.assert(
      fc.property(sortValues, fc.string({ minLength: 1, maxLength: 60 }), (value, id) => {
        const text = encodeCursor({ sort: '-createdAt', value, id });
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeCursor(text, '-createdAt')).toEqual({ sort: '-createdAt', value, id });
      }),
    );
  });

  it('of another order is refused', () => {
    const text = encodeCursor({ sort: 'name', value: 'Ada', id: 'a' });
    expect(() => decodeCursor(text, '-name')).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
  });

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['an operator as value (P35)', textOf({ s: 'name', v: { $gt: '' }, i: 'a' })],
    ['an operator as id (P35)', textOf({ s: 'name', v: 'a', i: { $ne: null } })],
    ['a list as value', textOf({ s: 'name', v: ['a'], i: 'a' })],
    ['a further name', textOf({ s: 'name', v: 'a', i: 'a', $where: '1' })],
  ])('with %s is refused', (_, text) => {
    expect(() => decodeCursor(text, 'name')).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
  });
});
