import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { updateOf } from './update-of.js';

type Loose = Record<string, unknown>;

describe('update of a stored document', () => {
  it('names only what differs', () => {
    const values = { email: 'a@example.com' };
    const before: Loose = { _id: 1, values, keys: ['a'], active: true, revision: 3 };
    const after: Loose = { _id: 1, values: { ...values }, keys: ['a'], active: false, revision: 4 };
    expect(updateOf(before, after)).toEqual({ $set: { active: false, revision: 4 } });
  });

  it('removes what is left out or undefined, and sets null', () => {
    const before: Loose = { keys: ['a'], error: 'e', hash: 'h' };
    expect(updateOf(before, { keys: undefined, hash: null })).toEqual({
      $set: { hash: null },
      $unset: { keys: 1, error: 1 },
    });
  });

  it('makes one document into the other, whatever they hold', () => {
    const document = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.oneof(
        fc.constant(undefined),
        fc.constant(null),
        fc.boolean(),
        fc.nat(3),
        fc.array(fc.nat(2)),
        fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(2)),
      ),
    );
    fc.assert(
      fc.property(document, document, (before, after) => {
        const { $set, $unset = {} } = updateOf<Loose>(before, after);
        const stored = { ...before, ...$set };
        for (const name of Object.keys($unset)) delete stored[name];
        expect(withoutUndefined(stored)).toEqual(withoutUndefined(after));
      }),
    );
  });
});

function withoutUndefined(document: Loose): Loose {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}
