import { Injectable } from '@nestjs/common';
import { useLogDays, verifyChains } from '@rollcall/collections';
import { type KeyVerification, mostNamedFaults } from '@rollcall/contracts';
import { DigestKey } from '@rollcall/secrets';

import { contentOf, digestOf } from './use-chain.js';
import { UseLogRepository } from './use-log.repository.js';

const dayMs = 24 * 60 * 60_000;

/** Follows the chains of the use log and names the entries at which they do not hold. */
@Injectable()
export class UseLogVerification {
  constructor(
    private readonly repository: UseLogRepository,
    private readonly key: DigestKey,
  ) {}

  async verify(): Promise<KeyVerification['useLog']> {
    const { entries, faults } = await verifyChains({
      heads: await this.repository.heads(),
      entries: this.entries(),
      gapsOf: (chain) => this.repository.gapsOf(chain),
      digest: digestOf(this.key),
      isExpired: (at) => at !== null && this.repository.time().getTime() - at.getTime() > useLogDays * dayMs,
    });
    const unchained = await this.repository.countUnchained();
    return { entries, unchained, broken: faults.length, faults: faults.slice(0, mostNamedFaults) };
  }

  private async *entries() {
    for await (const use of this.repository.chained()) yield { name: use._id, content: contentOf(use), link: use.link };
  }
}
