import { Inject, Injectable } from '@nestjs/common';
import {
  type AuditDocument,
  auditEvents,
  Databases,
  type RecordOf,
  type Searchable,
  searchPage,
  verifyChains,
} from '@rollcall/collections';
import {
  type AuditEvent,
  type AuditListQuery,
  type AuditVerification,
  largestPage,
  type Page,
} from '@rollcall/contracts';
import { INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';

import { CausesQueries } from '../history/causes.queries.js';
import { linesOf } from '../http/lines.js';
import { AuditRepository } from './audit.repository.js';
import { auditDigestOf, type AuditEntry, contentOf, entryOf } from './audit-entries.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    at: { path: 'at', type: 'date' },
    actor: { path: 'actor', type: 'exact' },
    operation: { path: 'operation', type: 'exact' },
    object: { path: 'object', type: 'exact' },
    status: { path: 'status', type: 'number' },
    address: { path: 'address', type: 'exact' },
    requestId: { path: 'requestId', type: 'exact' },
  },
  sortable: { at: 'at' },
  defaultSort: '-at',
};

const mostFaults = 100;

@Injectable()
export class AuditQueries {
  constructor(
    private readonly databases: Databases,
    private readonly repository: AuditRepository,
    private readonly causes: CausesQueries,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
  ) {}

  async list(query: AuditListQuery): Promise<Page<AuditEvent>> {
    const { items, page } = await searchPage(this.databases.model(auditEvents), searchable, query);
    const names = await this.causes.namesOf(items.map(({ actor }) => actor));
    return { items: items.map((item) => told(item, names.get(item.actor) ?? null)), page };
  }

  lines(query: Pick<AuditListQuery, 'filter'>): AsyncGenerator<string> {
    return linesOf((cursor) => this.list({ ...query, limit: largestPage, cursor }));
  }

  async verify(): Promise<AuditVerification> {
    const { signing } = this.infrastructure;
    const heads = await this.repository.heads();
    const { entries, faults } = await verifyChains({
      heads,
      entries: this.entries(),
      gapsOf: (chain) => this.repository.gapsOf(chain),
      digest: auditDigestOf(signing),
      isExpired: () => false,
    });
    const unchained = await this.repository.countUnchained();
    return { entries, unchained, broken: faults.length, faults: faults.slice(0, mostFaults) };
  }

  private async *entries() {
    for await (const { document, isOutcome } of this.repository.chained()) {
      const entry: AuditEntry = entryOf(document, isOutcome);
      const link = (isOutcome ? document.endLink : document.link)!;
      const seal = (isOutcome ? document.redacted?.ended : document.redacted?.asked) ?? undefined;
      yield { name: document._id, content: contentOf(entry), link, seal };
    }
  }
}

function told(event: RecordOf<AuditDocument>, actorName: string | null): AuditEvent {
  const { id, at, actor, operation, object, address = null, requestId, status, changes = null } = event;
  const answered = status === 0 ? null : status;
  return {
    id,
    at: at.toISOString(),
    actor,
    actorName,
    operation,
    object,
    address,
    requestId,
    status: answered,
    changes,
  };
}
