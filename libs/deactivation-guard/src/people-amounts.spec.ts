import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { peopleReasons } from './people-amounts.js';

const codes = (active: number, staged: number, sweptToday = 0) =>
  peopleReasons({ active, staged, sweptToday }).map(({ code }) => code);

describe('how many people a change of settings makes inactive without a person', () => {
  it.each([
    [3, 1, 2, 'half-or-more'],
    [100, 5, 6, 'too-many-deactivations'],
    [1_000, 50, 51, 'too-many-deactivations'],
    [200_000, 500, 501, 'too-many-deactivations'],
  ])('of %i active people lets %i go and holds %i', (active, go, hold, code) => {
    expect(codes(active, go)).toEqual([]);
    expect(codes(active, hold)).toContain(code);
  });

  it('counts what other changes did within a day', () => {
    expect(codes(1_000, 10, 40)).toEqual([]);
    expect(codes(1_000, 11, 40)).toEqual(['too-many-in-a-day']);
    expect(codes(40_000, 400, 601)).toEqual(['too-many-in-a-day']);
  });

  it('asks nobody where nobody would go, whatever was done before', () => {
    for (const active of [0, 10]) {
      expect(peopleReasons({ active, staged: 0, sweptToday: 1_000 })).toStrictEqual([]);
    }
  });

  it('speaks of people, says why, and what to do', () => {
    const [share, day] = peopleReasons({ active: 100, staged: 6, sweptToday: 3 });
    expect(share!.message).toMatch(
      /^6 of 100 active people would be deactivated; a change of settings deactivates at most 5 /,
    );
    expect(day!.message).toMatch(/^6 people would be deactivated after 3 by other changes within 24 hours/);
    expect(share!.message).toMatch(/approve it, and if not, reject it or take the change back\.$/);
  });

  it('never turns a hold into a pass by more people or by more of a day', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1_000), fc.nat(1_000), fc.nat(100), (active, staged, swept, more) => {
        if (codes(active, staged, swept).length === 0) return true;
        return codes(active, staged + more, swept).length > 0 && codes(active, staged, swept + more).length > 0;
      }),
    );
  });
});
