import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { SortValue } from './cursor.js';
import { SignedCursors } from './signed-cursor.js';

const key = Buffer.alloc(32, 7);
const question = '["people","active eq false",null,null]';
const cursors = new SignedCursors(key, question);
const refused = expect.objectContaining({ code: 'invalid-cursor', part: 'cursor' });

const values = fc.oneof<fc.Arbitrary<SortValue>[]>(
  fc.string({ maxLength: 50 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
);

describe('a signed cursor', () => {
  it('gives back the place that it was made of', () => {
    fc.assert(
      fc.property(values, fc.string({ minLength: 1, maxLength: 60 }), (value, id) => {
        const text = cursors.encode({ way: 'created.time>created.time', value, id });
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(cursors.decode(text)).toEqual({ way: 'created.time>created.time', value, id });
      }),
    );
  });

  it('is refused once a single character of it was changed', () => {
    const text = cursors.encode({ way: '>_id', value: null, id: 'somebody' });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'AZaz09-_'), (place, other) => {
        fc.pre(text[place] !== other);
        expect(() => cursors.decode(text.slice(0, place) + other + text.slice(place + 1))).toThrow(refused);
      }),
    );
  });

  it('is refused by another question, and by another installation', () => {
    const text = cursors.encode({ way: '>_id', value: null, id: 'somebody' });
    expect(() => new SignedCursors(key, question.replace('false', 'true')).decode(text)).toThrow(refused);
    expect(() => new SignedCursors(Buffer.alloc(32, 8), question).decode(text)).toThrow(refused);
  });

  it('is refused whatever else the text is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(() => cursors.decode(text)).toThrow(refused);
      }),
    );
  });
});
