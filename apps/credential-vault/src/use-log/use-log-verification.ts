import { Inject, Injectable } from '@nestjs/common';
import { type UseChainDocument, useLogDays } from '@rollcall/collections';
import { type KeyVerification, mostNamedFaults } from '@rollcall/contracts';
import { DigestKey } from '@rollcall/secrets';

import { hashOf } from './use-chain.js';
import { type LinkedUse, UseLogRepository } from './use-log.repository.js';

const dayMs = 24 * 60 * 60_000;

/** Follows the chains of the use log and names the entries at which they do not hold. */
@Injectable()
export class UseLogVerification {
  constructor(
    @Inject(UseLogRepository) private readonly repository: UseLogRepository,
    @Inject(DigestKey) private readonly key: DigestKey,
  ) {}

  async verify(): Promise<KeyVerification['useLog']> {
    // Before the entries: what is written meanwhile only makes a chain longer than its noted head.
    const heads = new Map((await this.repository.heads()).map((head) => [head._id, head]));
    const found: { entry: string; reason: string }[] = [];
    let entries = 0;
    let previous: LinkedUse | null = null;
    for await (const entry of this.repository.chained()) {
      entries += 1;
      if (previous && previous.link.chain !== entry.link.chain) {
        found.push(...this.endFaults(previous, heads));
        previous = null;
      }
      found.push(...this.faultsOf(entry, previous, heads.get(entry.link.chain)));
      previous = entry;
    }
    if (previous) found.push(...this.endFaults(previous, heads));
    for (const head of heads.values()) found.push(...this.lostChain(head));
    const unchained = await this.repository.countUnchained();
    return { entries, unchained, broken: found.length, faults: found.slice(0, mostNamedFaults) };
  }

  private faultsOf(entry: LinkedUse, previous: LinkedUse | null, head: UseChainDocument | undefined) {
    const { link } = entry;
    const fault = (reason: string) => [{ entry: entry._id, reason }];
    if (hashOf(this.key, entry, link) !== link.hash) return fault('it was changed');
    if (head?.number === link.number && head.head !== link.hash) return fault('it is another entry than was written');
    if (previous) {
      if (link.number !== previous.link.number + 1) return fault(gap(previous.link.number + 1, link.number - 1));
      return link.previous === previous.link.hash ? [] : fault('it does not follow the entry before it');
    }
    if (link.number === 1) return link.previous === null ? [] : fault('the entries before it are missing');
    return this.isExpired(link.previousAt) ? [] : fault(gap(1, link.number - 1));
  }

  /** Takes the head off the list. */
  private endFaults(last: LinkedUse, heads: Map<string, UseChainDocument>) {
    const head = heads.get(last.link.chain);
    heads.delete(last.link.chain);
    if (!head || head.number <= last.link.number) return [];
    return [{ entry: last._id, reason: `after it, ${gap(last.link.number + 1, head.number)}` }];
  }

  private lostChain({ _id, number, at }: UseChainDocument) {
    return this.isExpired(at) ? [] : [{ entry: `chain ${_id}`, reason: gap(1, number) }];
  }

  /** Entries are deleted when they are that old; a missing one of before is no fault. */
  private isExpired(at: Date | null): boolean {
    return at !== null && this.repository.time().getTime() - at.getTime() > useLogDays * dayMs;
  }
}

const gap = (first: number, last: number): string =>
  first === last ? `entry ${first} of its chain is missing` : `entries ${first} to ${last} of its chain are missing`;
