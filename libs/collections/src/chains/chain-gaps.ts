import type { ChainDigest, ChainGap, ChainLink } from './chain-link.js';

type Range = Omit<ChainGap, 'seal'>;

function sealOfGap(chain: string, { from, to, previous, head }: Range, digest: ChainDigest): string {
  return digest('rollcall deleted entries', chain, String(from), String(to), previous ?? '', head);
}

/** Whether this installation itself says that it deleted these entries. */
export function isSealed(chain: string, gap: ChainGap, digest: ChainDigest): boolean {
  return gap.seal === sealOfGap(chain, gap, digest);
}

/**
 * The gaps of a chain once these entries are deleted too. Neighbours become one, so that a chain that is deleted from its
 * beginning has a single gap, however long it was. One that somebody else made is dropped, and what it hid shows again.
 */
export function withDeleted(
  chain: string,
  gaps: readonly ChainGap[],
  deleted: readonly ChainLink[],
  digest: ChainDigest,
): ChainGap[] {
  const known: readonly Range[] = gaps.filter((gap) => isSealed(chain, gap, digest));
  const isKnown = (place: number) => known.some(({ from, to }) => from <= place && place <= to);
  const added = deleted
    .filter(({ number: place }) => !isKnown(place))
    .map(({ number: place, previous, hash }): Range => ({ from: place, to: place, previous, head: hash }));
  const merged: Range[] = [];
  for (const range of [...known, ...added].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last?.to === range.from - 1 && last.head === range.previous) {
      merged[merged.length - 1] = { ...last, to: range.to, head: range.head };
    } else merged.push(range);
  }
  return merged.map(({ from, to, previous, head }) => {
    const range = { from, to, previous, head };
    return { ...range, seal: sealOfGap(chain, range, digest) };
  });
}

/** What surrounds entries that are not there. */
export interface Missing {
  readonly from: number;
  readonly to: number;
  /** Hash of the entry before them, null at the beginning. */
  readonly previous: string | null;
  /** What the entry after them says of the last of them; null where there is none after them. */
  readonly head: string | null;
}

/** Whether entries are missing because this installation deleted them for their age. */
export function isDeleted(chain: string, missing: Missing, gaps: readonly ChainGap[], digest: ChainDigest): boolean {
  return gaps.some(
    (gap) =>
      gap.from === missing.from &&
      (missing.head === null ? gap.to >= missing.to : gap.to === missing.to && gap.head === missing.head) &&
      gap.previous === missing.previous &&
      isSealed(chain, gap, digest),
  );
}
