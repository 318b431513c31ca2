import {
  type ChainContent,
  type ChainDigest,
  type ChainHeadDocument,
  type ChainLink,
  hashOfLink,
  sealOf,
} from './chain-link.js';

/** An entry of a chain as it is stored. */
export interface ChainedEntry {
  /** How people find it. */
  readonly name: string;
  readonly content: ChainContent;
  readonly link: ChainLink;
  /** Of an entry that a person was taken out of. */
  readonly seal?: string | undefined;
}

export interface ChainFault {
  readonly entry: string;
  readonly reason: string;
}

export interface ChainsToVerify {
  /** Chain by chain, in the order of their numbers. */
  readonly entries: AsyncIterable<ChainedEntry>;
  /** Read before the entries: what is written meanwhile only makes a chain longer than its noted head. */
  readonly heads: readonly ChainHeadDocument[];
  readonly digest: ChainDigest;
  /** Whether entries of that time are deleted by age, so that a missing one is no fault. */
  readonly isExpired: (at: Date | null) => boolean;
}

/** Follows chains and names the entries at which they do not hold. */
export async function verifyChains(chains: ChainsToVerify): Promise<{ entries: number; faults: ChainFault[] }> {
  const heads = new Map(chains.heads.map((head) => [head._id, head]));
  const faults: ChainFault[] = [];
  let entries = 0;
  let previous: ChainedEntry | null = null;
  for await (const entry of chains.entries) {
    entries += 1;
    if (previous && previous.link.chain !== entry.link.chain) {
      faults.push(...endFaults(previous, heads));
      previous = null;
    }
    faults.push(...faultsOf(entry, previous, heads.get(entry.link.chain), chains));
    previous = entry;
  }
  if (previous) faults.push(...endFaults(previous, heads));
  for (const { _id, number, at } of heads.values()) {
    if (!chains.isExpired(at)) faults.push({ entry: `chain ${_id}`, reason: gap(1, number) });
  }
  return { entries, faults };
}

function faultsOf(
  entry: ChainedEntry,
  previous: ChainedEntry | null,
  head: ChainHeadDocument | undefined,
  { digest, isExpired }: ChainsToVerify,
): ChainFault[] {
  const { name, link } = entry;
  const fault = (reason: string): ChainFault[] => [{ entry: name, reason }];
  if (!isAsWritten(entry, digest)) return fault('it was changed');
  if (head?.number === link.number && head.head !== link.hash) return fault('it is another entry than was written');
  if (previous) {
    if (link.number !== previous.link.number + 1) return fault(gap(previous.link.number + 1, link.number - 1));
    return link.previous === previous.link.hash ? [] : fault('it does not follow the entry before it');
  }
  if (link.number === 1) return link.previous === null ? [] : fault('the entries before it are missing');
  return isExpired(link.previousAt) ? [] : fault(gap(1, link.number - 1));
}

function isAsWritten({ content, link, seal }: ChainedEntry, digest: ChainDigest): boolean {
  if (hashOfLink(link, content, digest) === link.hash) return true;
  return seal !== undefined && seal === sealOf(link, content, digest);
}

/** Takes the head off the list. */
function endFaults({ name, link }: ChainedEntry, heads: Map<string, ChainHeadDocument>): ChainFault[] {
  const head = heads.get(link.chain);
  heads.delete(link.chain);
  if (!head || head.number <= link.number) return [];
  return [{ entry: name, reason: `after it, ${gap(link.number + 1, head.number)}` }];
}

const gap = (first: number, last: number): string =>
  first === last ? `entry ${first} of its chain is missing` : `entries ${first} to ${last} of its chain are missing`;
