import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { SeenIds } from './seen-ids.js';

describe('SeenIds', () => {
  it('agrees with a map for any order of ids and contents', () => {
    const entry = fc.tuple(fc.string({ maxLength: 3 }), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200 }), fc.integer(), (entries, seed) => {
        const ids = new SeenIds(seed, 16);
        const known = new Map<string, string>();
        for (const [id, content] of entries) {
          const before = known.get(id);
          const expected = before === undefined ? 'new' : before === content ? 'same' : 'different';
          expect(ids.add(id, content)).toBe(expected);
          if (before === undefined) known.set(id, content);
        }
        expect(ids.size).toBe(known.size);
      }),
      { numRuns: 500 },
    );
  });

  it('tells ids apart that differ in case, zeros and spaces (V23)', () => {
    const ids = new SeenIds();
    for (const id of ['1', '01', '1 ', ' 1', 'a', 'A', '..', '__proto__', '😀', '😁'])
      expect(ids.add(id, '')).toBe('new');
  });

  it('keeps 200,000 sequential ids apart, whatever the seed', () => {
    for (const seed of [0, 0xffffffff]) {
      const ids = new SeenIds(seed);
      for (let number = 0; number < 200_000; number += 1) ids.add(String(449_000_000 + number), '');
      expect(ids.size).toBe(200_000);
    }
  });
});
