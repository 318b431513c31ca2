import { isDeleted, type Missing } from './chain-gaps.js';
import {
  type ChainContent,
  type ChainDigest,
  type ChainGap,
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
  /** Asked where entries are missing, after they were missed: they may be deleted for their age meanwhile. */
  readonly gapsOf: (chain: string) => Promise<readonly ChainGap[]>;
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
      faults.push(...(await endFaults(previous, heads, chains)));
      previous = null;
    }
    faults.push(...(await faultsOf(entry, previous, heads.get(entry.link.chain), chains)));
    previous = entry;
  }
  if (previous) faults.push(...(await endFaults(previous, heads, chains)));
  for (const { _id, number, at } of heads.values()) {
    if (chains.isExpired(at)) continue;
    const missing = { from: 1, to: number, previous: null, head: null };
    if (await wasDeleted(_id, missing, chains)) continue;
    faults.push({ entry: `chain ${_id}`, reason: gap(1, number) });
  }
  return { entries, faults };
}

async function wasDeleted(chain: string, missing: Missing, { gapsOf, digest }: ChainsToVerify): Promise<boolean> {
  return isDeleted(chain, missing, await gapsOf(chain), digest);
}

async function faultsOf(
  entry: ChainedEntry,
  previous: ChainedEntry | null,
  head: ChainHeadDocument | undefined,
  chains: ChainsToVerify,
): Promise<ChainFault[]> {
  const { link } = entry;
  const isOther = head?.number === link.number && head.head !== link.hash;
  let reason: string | null;
  if (!isAsWritten(entry, chains.digest)) reason = 'it was changed';
  else if (isOther) reason = 'it is another entry than was written';
  else reason = await brokenLink(entry, previous, chains);
  return reason === null ? [] : [{ entry: entry.name, reason }];
}

/** Why an entry does not follow the one before it, or null. */
async function brokenLink(
  entry: ChainedEntry,
  previous: ChainedEntry | null,
  chains: ChainsToVerify,
): Promise<string | null> {
  const { link } = entry;
  const first = (previous?.link.number ?? 0) + 1;
  if (link.number !== first) {
    return (await isGap(entry, previous, first, chains)) ? null : gap(first, link.number - 1);
  }
  if (link.previous === (previous?.link.hash ?? null)) return null;
  return previous ? 'it does not follow the entry before it' : 'the entries before it are missing';
}

/** Whether the entries before one are missing because they were deleted for their age. */
async function isGap(
  { link }: ChainedEntry,
  previous: ChainedEntry | null,
  from: number,
  chains: ChainsToVerify,
): Promise<boolean> {
  if (previous === null && chains.isExpired(link.previousAt)) return true;
  const before = previous?.link.hash ?? null;
  return wasDeleted(link.chain, { from, to: link.number - 1, previous: before, head: link.previous }, chains);
}

function isAsWritten({ content, link, seal }: ChainedEntry, digest: ChainDigest): boolean {
  if (hashOfLink(link, content, digest) === link.hash) return true;
  return seal !== undefined && seal === sealOf(link, content, digest);
}

/** Takes the head off the list. */
async function endFaults(
  { name, link }: ChainedEntry,
  heads: Map<string, ChainHeadDocument>,
  chains: ChainsToVerify,
): Promise<ChainFault[]> {
  const head = heads.get(link.chain);
  heads.delete(link.chain);
  if (!head || head.number <= link.number) return [];
  const missing = { from: link.number + 1, to: head.number, previous: link.hash, head: null };
  if (await wasDeleted(link.chain, missing, chains)) return [];
  return [{ entry: name, reason: `after it, ${gap(missing.from, missing.to)}` }];
}

const gap = (first: number, last: number): string =>
  first === last ? `entry ${first} of its chain is missing` : `entries ${first} to ${last} of its chain are missing`;
