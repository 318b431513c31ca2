import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ChainWriter, contentOfUse, useLogDigest, type UseLogDocument } from '@rollcall/collections';
import { DigestKey } from '@rollcall/secrets';
import { EveryInterval } from '@rollcall/service';

import { UseLogRepository } from './use-log.repository.js';

const headEveryMs = 10_000;

type Use = Omit<UseLogDocument, 'link'>;

/**
 * The record of every use of a secret, written before the secret is decrypted, as a chain. Uses that come while one is
 * written are written together: never more than one insert for a use.
 */
@Injectable()
export class UseLogService implements BeforeApplicationShutdown {
  private readonly chain: ChainWriter<Use>;

  constructor(
    private readonly repository: UseLogRepository,
    key: DigestKey,
  ) {
    this.chain = new ChainWriter<Use>({
      digest: useLogDigest((...parts) => key.digest(...parts)),
      contentOf: contentOfUse,
      append: (entries) => this.repository.insert(entries.map(({ entry, link }) => ({ ...entry, link }))),
      storeHead: (head) => this.repository.noteHead(head),
    });
  }

  /** Resolves when the use is on record. Whoever gets an error must not decrypt anything. */
  record(use: Use): Promise<void> {
    return this.chain.write(use);
  }

  @EveryInterval('note the heads of the use log', headEveryMs)
  noteHead(): Promise<void> {
    return this.chain.noteHead();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.chain.noteHead();
  }
}
