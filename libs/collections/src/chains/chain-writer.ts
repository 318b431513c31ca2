import { v7 as uuidv7 } from 'uuid';

import {
  beginningOf,
  type ChainContent,
  type ChainDigest,
  type ChainEnd,
  type ChainHeadDocument,
  type ChainLink,
  linkAfter,
} from './chain-link.js';

export interface ChainWriterOptions<Entry> {
  readonly digest: ChainDigest;
  readonly contentOf: (entry: Entry) => ChainContent;
  /** Stores entries with their links, in this order. */
  readonly append: (entries: readonly { readonly entry: Entry; readonly link: ChainLink }[]) => Promise<void>;
  readonly storeHead: (head: ChainHeadDocument) => Promise<void>;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const mostAtOnce = 200;

/**
 * Writes entries of which each holds the hash of the one before it of this process, so that none can be changed, dropped
 * or swapped unnoticed. Entries that come while one is written are written together.
 */
export class ChainWriter<Entry> {
  private waiting: Waiting<Entry>[] = [];
  private isWriting = false;
  private end: ChainEnd = beginningOf(uuidv7());
  private noted = 0;

  constructor(private readonly options: ChainWriterOptions<Entry>) {}

  /** Resolves when the entry is stored. */
  write(entry: Entry): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ entry, done, failed });
      if (!this.isWriting) void this.writeAll();
    });
  }

  /** Stores how far the chain has come, if it is further than before. Without this its last entries could be dropped. */
  async noteHead(): Promise<void> {
    const { chain, number, hash, at } = this.end;
    if (at === null || number === this.noted) return;
    await this.options.storeHead({ _id: chain, number, head: hash, at });
    if (chain === this.end.chain) this.noted = number;
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, mostAtOnce);
      try {
        this.end = await this.append(batch);
        for (const { done } of batch) done();
      } catch (error) {
        // Nobody knows which of them were stored. What comes next stands in a chain of its own, which has no gap.
        this.end = beginningOf(uuidv7());
        this.noted = 0;
        for (const { failed } of batch) failed(error);
      }
    }
    this.isWriting = false;
  }

  private async append(batch: readonly Waiting<Entry>[]): Promise<ChainEnd> {
    let { end } = this;
    const entries = batch.map(({ entry }) => {
      const content = this.options.contentOf(entry);
      const link = linkAfter(end, content, this.options.digest);
      end = { chain: link.chain, number: link.number, hash: link.hash, at: content.at };
      return { entry, link };
    });
    await this.options.append(entries);
    return end;
  }
}
