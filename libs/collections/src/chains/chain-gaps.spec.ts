import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { withDeleted } from './chain-gaps.js';
import { beginningOf, type ChainEnd, type ChainGap, type ChainLink, linkAfter } from './chain-link.js';
import { type ChainedEntry, verifyChains } from './verify-chains.js';

const digest = (...parts: string[]) => createHmac('sha256', 'example').update(JSON.stringify(parts)).digest('hex');
const chain = 'c';

function chainOf(length: number): ChainedEntry[] {
  const entries: ChainedEntry[] = [];
  let end: ChainEnd = beginningOf(chain);
  for (let place = 1; place <= length; place += 1) {
    const content = { at: new Date(place), parts: [String(place)] };
    const link = linkAfter(end, content, digest);
    end = { ...link, at: content.at };
    entries.push({ name: `e${place}`, content, link });
  }
  return entries;
}

async function faultsOf(all: readonly ChainedEntry[], kept: readonly ChainedEntry[], gaps: readonly ChainGap[]) {
  const last = all.at(-1)!.link;
  async function* entries() {
    yield* kept;
  }
  const heads = [{ _id: chain, number: last.number, head: last.hash, at: new Date(0) }];
  const { faults } = await verifyChains({
    entries: entries(),
    heads,
    digest,
    gapsOf: async () => gaps,
    isExpired: () => false,
  });
  return faults;
}

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });

describe('a chain of which entries were deleted for their age', () => {
  it('holds whichever were deleted, in whatever batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(numbers, { maxLength: 4 }), async (batches) => {
        const all = chainOf(12);
        let gaps: ChainGap[] = [];
        for (const batch of batches) gaps = withDeleted(chain, gaps, linksOf(all, batch), digest);
        const deleted = new Set(batches.flat());
        expect(await faultsOf(all, without(all, deleted), gaps)).toEqual([]);
        // Also before they are gone, as after a kill between the two.
        expect(await faultsOf(all, all, gaps)).toEqual([]);
      }),
    );
  });

  it('has one gap however often its oldest entries are deleted', () => {
    const all = chainOf(12);
    let gaps: ChainGap[] = [];
    for (const batch of [[1, 2], [3], [4, 5, 6]]) gaps = withDeleted(chain, gaps, linksOf(all, batch), digest);
    expect(gaps).toMatchObject([{ from: 1, to: 6, previous: null, head: all[5]!.link.hash }]);
  });

  it('names an entry that is missing beside those, whoever changes the gaps without the key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 12 }), async (upTo, dropped) => {
        fc.pre(dropped > upTo);
        const all = chainOf(12);
        const old = Array.from({ length: upTo }, (_, at) => at + 1);
        const gaps = withDeleted(chain, [], linksOf(all, old), digest);
        const kept = without(all, new Set([...old, dropped]));
        expect(await faultsOf(all, kept, gaps)).not.toEqual([]);
        const widened = gaps.map((gap) => ({ ...gap, to: dropped, head: all[dropped - 1]!.link.hash }));
        expect(await faultsOf(all, kept, widened)).not.toEqual([]);
      }),
    );
  });
});

const linksOf = (all: readonly ChainedEntry[], places: readonly number[]): ChainLink[] =>
  [...places].sort((a, b) => a - b).map((place) => all[place - 1]!.link);

const without = (all: readonly ChainedEntry[], places: ReadonlySet<number>) =>
  all.filter(({ link }) => !places.has(link.number));
