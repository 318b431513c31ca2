import { Inject, Injectable } from '@nestjs/common';
import { Databases, deleteChained, useChains, useLog, useLogDigest } from '@rollcall/collections';
import { DigestKey } from '@rollcall/secrets';
import { CONFIG, type RetentionRule, type RetentionRules } from '@rollcall/service';

import type { VaultConfig } from '../config.js';

/** Uses of secrets. The database itself deletes them after 400 days at the latest. */
@Injectable()
export class UseLogRetention implements RetentionRules {
  readonly rules: readonly RetentionRule[];

  constructor(
    private readonly databases: Databases,
    private readonly key: DigestKey,
    @Inject(CONFIG) { RETENTION_USE_LOG_DAYS: days }: VaultConfig,
  ) {
    this.rules = [{ kind: 'uses of secrets', days, deleteBefore: (before, limit) => this.deleteUses(before, limit) }];
  }

  private deleteUses(before: Date, limit: number): Promise<number> {
    return deleteChained({
      entries: this.databases.collection(useLog),
      heads: this.databases.collection(useChains),
      linksOf: ({ link }) => (link === undefined ? [] : [link]),
      digest: useLogDigest((...parts) => this.key.digest(...parts)),
      before,
      limit,
    });
  }
}
