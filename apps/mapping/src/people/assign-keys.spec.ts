import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { assignKeys, type KeyClaim } from './assign-keys.js';

const claim = (person: string, held: string | null, wanted: string | null): KeyClaim => ({
  person,
  held: held === null ? [] : [`email:${held}`],
  fold: {
    values: { email: wanted },
    provenance: wanted === null ? {} : { email: `hr:${person}` },
    active: true,
  },
});
const assign = (claims: KeyClaim[], outside: Record<string, string> = {}, forced: string[] = []) => {
  const held = new Map(claims.flatMap((one) => one.held.map((key): [string, string] => [key, one.person])));
  const ownerOf = (key: string) => {
    const owner = held.get(key) ?? outside[key];
    return owner === undefined ? undefined : { _id: owner };
  };
  return assignKeys(claims, [{ field: 'email', kind: 'folded' }], ownerOf, new Set(forced));
};

describe('giving out keys (D4)', () => {
  it('lets two people swap', () => {
    const given = assign([claim('a', 'x', 'y'), claim('b', 'y', 'x')]);
    expect(given.get('a')).toMatchObject({ keys: ['email:y'], refused: [], blamed: [] });
    expect(given.get('b')).toMatchObject({ keys: ['email:x'], refused: [], blamed: [] });
  });

  it('lets three people move along a chain, in whatever order they come', () => {
    const chain = [claim('a', 'x', 'y'), claim('b', 'y', 'z'), claim('c', 'z', 'w')];
    for (const claims of [chain, chain.toReversed(), [chain[1]!, chain[0]!, chain[2]!]]) {
      const given = assign(claims);
      expect(['a', 'b', 'c'].map((person) => given.get(person)!.keys)).toEqual([['email:y'], ['email:z'], ['email:w']]);
    }
  });

  it('refuses a key that somebody outside holds: value empty, marked, its account blamed', () => {
    const given = assign([claim('a', 'x', 'y')], { 'email:y': 'outsider' }).get('a')!;
    expect(given).toMatchObject({ keys: [], blamed: ['hr:a'], refused: [{ code: 'key-taken', field: 'email' }] });
    expect(given.fold.values).toEqual({ email: null });
    expect(given.fold.provenance).toEqual({});
  });

  it('leaves every other value and its source as they were', () => {
    const one = claim('a', 'x', 'y');
    const fold = { ...one.fold, values: { email: 'y', title: 'Lead' }, provenance: { email: 'hr:a', title: 'hr:a' } };
    const given = assign([{ ...one, fold }], { 'email:y': 'outsider' }).get('a')!;
    expect(given.fold.values).toEqual({ email: null, title: 'Lead' });
    expect(given.fold.provenance).toEqual({ title: 'hr:a' });
  });

  it('releases the old key although the new one is refused', () => {
    const given = assign([claim('a', 'x', 'y'), claim('b', null, 'x')], { 'email:y': 'outsider' });
    expect(given.get('b')).toMatchObject({ keys: ['email:x'], refused: [] });
  });

  it('gives a key that two want to the first, and keeps it with who holds it', () => {
    expect(assign([claim('a', null, 'x'), claim('b', null, 'x')]).get('b')!.keys).toEqual([]);
    const given = assign([claim('a', null, 'x'), claim('b', 'x', 'x')]);
    expect([given.get('a')!.keys, given.get('b')!.keys]).toEqual([[], ['email:x']]);
  });

  it('lets a key that is yielded go to whoever wants it, and stay where nobody does', () => {
    const yielding = { ...claim('a', 'x', 'x'), yields: new Set(['email:x']) };
    const given = assign([yielding, claim('b', null, 'x')]);
    expect([given.get('a')!.keys, given.get('b')!.keys]).toEqual([[], ['email:x']]);
    expect(given.get('a')!.refused).toMatchObject([{ code: 'key-taken', field: 'email' }]);
    expect(assign([yielding, claim('b', null, 'y')]).get('a')!.keys).toEqual(['email:x']);
    const other = { ...claim('a', 'x', 'x'), yields: new Set(['email:y']) };
    expect(assign([other, claim('b', null, 'x')]).get('a')!.keys).toEqual(['email:x']);
  });

  it('refuses what the database refused, and blames nobody for an override (B14)', () => {
    const overridden = claim('a', null, 'x');
    overridden.fold.provenance['email'] = 'override';
    expect(assign([overridden], {}, ['email:x']).get('a')).toMatchObject({ keys: [], blamed: [] });
  });

  const letters = fc.option(fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z'), { nil: null });
  const claimsArbitrary = fc
    .tuple(
      fc.uniqueArray(fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z'), { maxLength: 6 }),
      fc.array(letters, { minLength: 1, maxLength: 6 }),
      fc.subarray(['u', 'v', 'w', 'x', 'y', 'z']),
    )
    .map(([held, wanted, outside]) => ({
      claims: wanted.map((letter, index) => claim(`p${index}`, held[index] ?? null, letter)),
      outside: Object.fromEntries(
        outside
          .filter((letter) => !held.some((one) => one === letter))
          .map((letter) => [`email:${letter}`, 'outsider']),
      ),
    }));

  it('never gives a key twice, nor one that somebody outside holds', () => {
    fc.assert(
      fc.property(claimsArbitrary, ({ claims, outside }) => {
        // A person outside the claims who holds one of the keys counts as outside too.
        const given = [...assign(claims, outside).values()].flatMap(({ keys }) => keys);
        expect(new Set(given).size).toBe(given.length);
        for (const key of given) expect(outside[key]).toBeUndefined();
      }),
    );
  });

  it('takes no key from anybody who keeps it, and loses no value without a mark', () => {
    fc.assert(
      fc.property(claimsArbitrary, ({ claims, outside }) => {
        const given = assign(claims, outside);
        for (const { person, held, fold } of claims) {
          const { keys, refused, fold: after } = given.get(person)!;
          const wanted = fold.values['email'];
          if (wanted === null) expect(keys).toEqual([]);
          else if (held.includes(`email:${wanted}`)) expect(keys).toEqual(held);
          expect(after.values['email']).toBe(refused.length > 0 ? null : wanted);
          expect(keys.length + refused.length).toBe(wanted === null ? 0 : 1);
        }
      }),
    );
  });
});
