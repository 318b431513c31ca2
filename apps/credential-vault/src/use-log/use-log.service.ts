import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { DigestKey } from '@rollcall/secrets';
import { EveryInterval } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import { beginningOf, type ChainEnd, endAt, linked, type Use } from './use-chain.js';
import { UseLogRepository } from './use-log.repository.js';

interface Waiting {
  readonly use: Use;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const headEveryMs = 10_000;
const mostAtOnce = 200;

/**
 * The record of every use of a secret, written before the secret is decrypted. Each entry holds the hash of the one before
 * it of this process, so that none can be changed, dropped or swapped unnoticed. Uses that come while one is written are
 * written together: never more than one insert for a use.
 */
@Injectable()
export class UseLogService implements BeforeApplicationShutdown {
  private waiting: Waiting[] = [];
  private isWriting = false;
  private end: ChainEnd = beginningOf(uuidv7());
  private noted = 0;

  constructor(
    @Inject(UseLogRepository) private readonly repository: UseLogRepository,
    @Inject(DigestKey) private readonly key: DigestKey,
  ) {}

  /** Resolves when the use is on record. Whoever gets an error must not decrypt anything. */
  record(use: Use): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ use, done, failed });
      if (!this.isWriting) void this.write();
    });
  }

  /** Without this the last entries of a chain could be dropped. */
  @EveryInterval('note the heads of the use log', headEveryMs)
  async noteHead(): Promise<void> {
    const { chain, number, hash, at } = this.end;
    if (at === null || number === this.noted) return;
    await this.repository.noteHead({ _id: chain, number, head: hash, at });
    this.noted = number;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.noteHead();
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, mostAtOnce);
      try {
        this.end = await this.append(batch);
        for (const { done } of batch) done();
      } catch (error) {
        // Nobody knows which of them were written. What comes next stands in a chain of its own, which has no gap.
        this.end = beginningOf(uuidv7());
        this.noted = 0;
        for (const { failed } of batch) failed(error);
      }
    }
    this.isWriting = false;
  }

  private async append(batch: readonly Waiting[]): Promise<ChainEnd> {
    let { end } = this;
    const entries = batch.map(({ use }) => {
      const entry = linked(this.key, end, use);
      end = endAt(entry);
      return entry;
    });
    await this.repository.insert(entries);
    return end;
  }
}
