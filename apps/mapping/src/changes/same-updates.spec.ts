import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sameUpdates, updateOf } from './same-updates.js';

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

  it('sets what no counter covers though it seems the same', () => {
    const before: Loose = { hash: null, observedAt: 5, active: false };
    expect(updateOf(before, { ...before, active: true }, ['hash', 'observedAt'])).toEqual({
      $set: { hash: null, observedAt: 5, active: true },
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

describe('updates that are the same', () => {
  const account = (_id: string, revision: number, active: boolean) => ({ _id, revision, active });

  it('are one, for records of the same counter only', () => {
    const replaced = ['a', 'b', 'c', 'd'].map((id, index) => {
      const revision = id === 'c' ? 7 : 1;
      return { before: account(id, revision, true), after: account(id, revision + 1, index === 3) };
    });
    expect(sameUpdates(replaced, 'revision')).toEqual([
      { ids: ['a', 'b'], at: 1, update: { $set: { revision: 2, active: false } } },
      { ids: ['c'], at: 7, update: { $set: { revision: 8, active: false } } },
      { ids: ['d'], at: 1, update: { $set: { revision: 2 } } },
    ]);
  });

  it('tell a removed field from one set to null', () => {
    const before = (_id: string) => ({ _id, fold: 1, hash: 'h' as string | null | undefined });
    const replaced = [
      { before: before('a'), after: { ...before('a'), hash: null } },
      { before: before('b'), after: { ...before('b'), hash: undefined } },
    ];
    expect(sameUpdates(replaced, 'fold')).toHaveLength(2);
  });
});

function withoutUndefined(document: Loose): Loose {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}
