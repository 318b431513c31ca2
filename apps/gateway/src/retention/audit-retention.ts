import { Inject, Injectable } from '@nestjs/common';
import { auditChains, auditEvents, type ChainLink, Databases, deleteChained } from '@rollcall/collections';
import {
  CONFIG,
  INFRASTRUCTURE,
  type Infrastructure,
  type RetentionRule,
  type RetentionRules,
} from '@rollcall/service';

import { auditDigestOf } from '../audit/audit-entries.js';
import type { GatewayConfig } from '../config.js';

/** Entries of the audit. Which ones were deleted stays on record under the installation's key. */
@Injectable()
export class AuditRetention implements RetentionRules {
  readonly rules: readonly RetentionRule[];

  constructor(
    private readonly databases: Databases,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
    @Inject(CONFIG) { RETENTION_AUDIT_DAYS: days }: GatewayConfig,
  ) {
    this.rules = [{ kind: 'audit entries', days, deleteBefore: (before, limit) => this.deleteEntries(before, limit) }];
  }

  private deleteEntries(before: Date, limit: number): Promise<number> {
    return deleteChained({
      entries: this.databases.collection(auditEvents),
      heads: this.databases.collection(auditChains),
      linksOf: ({ link, endLink }) => [link, endLink].filter((one): one is ChainLink => one !== undefined),
      digest: auditDigestOf(this.infrastructure.signing),
      before,
      limit,
    });
  }
}
