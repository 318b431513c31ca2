import type { ChainDigest, ChainedEntry, ChainFault } from '../chains/index.js';
import { verifyChains } from '../chains/index.js';
import type { Databases } from '../databases.js';
import { trusted } from '../models/index.js';
import { contentOfUse, useChains, useLog, useLogDays, useLogDigest } from './use-log.js';

const dayMs = 24 * 60 * 60_000;

export interface VerifiedUseLog {
  readonly entries: number;
  /** Of before entries were chained. */
  readonly unchained: number;
  readonly broken: number;
  /** At most so many as were asked for. */
  readonly faults: ChainFault[];
}

/** Follows the chains of the use log and names the entries at which they do not hold. @param digest of the installation */
export async function verifyUseLog(
  databases: Databases,
  digest: ChainDigest,
  mostFaults: number,
): Promise<VerifiedUseLog> {
  const { entries, faults } = await verifyChains({
    heads: await databases.model(useChains).find().lean(),
    entries: chainedUses(databases),
    gapsOf: async (chain) => (await databases.model(useChains).findOne({ _id: chain }).lean())?.gaps ?? [],
    digest: useLogDigest(digest),
    isExpired: (at) => at !== null && databases.timeMs() - at.getTime() > useLogDays * dayMs,
  });
  const unchained = await databases.model(useLog).countDocuments({ link: trusted({ $exists: false }) });
  return { entries, unchained, broken: faults.length, faults: faults.slice(0, mostFaults) };
}

/** Chain by chain, in the order of their numbers. */
async function* chainedUses(databases: Databases): AsyncGenerator<ChainedEntry> {
  const uses = databases
    .collection(useLog)
    .find({ link: { $type: 'object' } })
    .sort({ 'link.chain': 1, 'link.number': 1 });
  for await (const { link, ...use } of uses) yield { name: use._id, content: contentOfUse(use), link: link! };
}
