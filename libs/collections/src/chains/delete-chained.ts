import type { Collection, Document, Filter } from 'mongodb';

import { withDeleted } from './chain-gaps.js';
import type { ChainDigest, ChainHeadDocument, ChainLink } from './chain-link.js';

interface Chained extends Document {
  _id: string;
  at: Date;
}

export interface ChainedDeletion<Entry extends Chained> {
  readonly entries: Collection<Entry>;
  readonly heads: Collection<ChainHeadDocument>;
  /** Links of an entry; none in those from before they were chained. */
  readonly linksOf: (entry: Entry) => readonly ChainLink[];
  readonly digest: ChainDigest;
  readonly before: Date;
  readonly limit: number;
}

/**
 * Deletes the oldest entries of chains so that what is left can still be verified: first it notes under the installation's
 * key which entries go, then they go. Killed in between, it finds them again.
 * @returns how many were deleted
 */
export async function deleteChained<Entry extends Chained>(deletion: ChainedDeletion<Entry>): Promise<number> {
  const { entries, before, limit } = deletion;
  const old = (await entries
    .find({ at: { $lt: before } } as unknown as Filter<Entry>)
    .sort({ at: 1 })
    .limit(limit)
    .toArray()) as unknown as Entry[];
  for (const [chain, links] of byChain(old.flatMap((entry) => [...deletion.linksOf(entry)]))) {
    await noteDeleted(deletion, chain, links);
  }
  if (old.length === 0) return 0;
  const { deletedCount } = await entries.deleteMany({
    _id: { $in: old.map(({ _id }) => _id) },
  } as unknown as Filter<Entry>);
  return deletedCount;
}

async function noteDeleted(
  { heads, digest, before }: Pick<ChainedDeletion<Chained>, 'heads' | 'digest' | 'before'>,
  chain: string,
  links: readonly ChainLink[],
): Promise<void> {
  const known = await heads.findOne({ _id: chain });
  const gaps = withDeleted(chain, known?.gaps ?? [], links, digest);
  const last = links.at(-1)!;
  // A chain whose end was never noted gets one, so that there is somewhere to write.
  const $setOnInsert = { number: last.number, head: last.hash, at: before };
  await heads.updateOne({ _id: chain }, { $set: { gaps }, $setOnInsert }, { upsert: true });
}

function byChain(links: readonly ChainLink[]): Map<string, ChainLink[]> {
  const chains = new Map<string, ChainLink[]>();
  for (const link of [...links].sort((a, b) => a.number - b.number)) {
    chains.set(link.chain, [...(chains.get(link.chain) ?? []), link]);
  }
  return chains;
}
