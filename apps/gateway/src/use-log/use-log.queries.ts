import { Inject, Injectable } from '@nestjs/common';
import {
  credentials,
  Databases,
  type RecordOf,
  type Searchable,
  searchPage,
  trusted,
  useLog,
  type UseLogDocument,
  verifyUseLog,
} from '@rollcall/collections';
import {
  largestPage,
  mostNamedFaults,
  type Page,
  type SecretUse,
  type UseLogQuery,
  type UseLogVerification,
} from '@rollcall/contracts';
import { INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';

import { linesOf } from '../http/lines.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    at: { path: 'at', type: 'date' },
    credential: { path: 'credential', type: 'exact' },
    sender: { path: 'sender', type: 'exact' },
    purpose: { path: 'purpose.kind', type: 'exact' },
    reference: { path: 'purpose.reference', type: 'exact' },
    host: { path: 'host', type: 'exact' },
    digest: { path: 'values.digest', type: 'exact' },
  },
  sortable: { at: 'at' },
  defaultSort: '-at',
};

/** Reads what the vault publishes of the uses of secrets. */
@Injectable()
export class UseLogQueries {
  constructor(
    private readonly databases: Databases,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
  ) {}

  async list(query: UseLogQuery): Promise<Page<SecretUse>> {
    const { items, page } = await searchPage(this.databases.model(useLog), searchable, query);
    const names = await this.namesOf([...new Set(items.map(({ credential }) => credential))]);
    return { items: items.map((item) => told(item, names.get(item.credential) ?? null)), page };
  }

  lines(query: Pick<UseLogQuery, 'filter'>): AsyncGenerator<string> {
    return linesOf((cursor) => this.list({ ...query, limit: largestPage, cursor }));
  }

  verify(): Promise<UseLogVerification> {
    const { signing } = this.infrastructure;
    return verifyUseLog(this.databases, (...parts) => signing.digest(...parts), mostNamedFaults);
  }

  private async namesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const known = this.databases.model(credentials).find({ _id: trusted({ $in: ids }) }, { name: 1 });
    return new Map((await known.lean()).map(({ _id, name }) => [_id, name]));
  }
}

function told(use: RecordOf<UseLogDocument>, credentialName: string | null): SecretUse {
  const { id, at, credential, secretVersion, sender, purpose, host, values = null } = use;
  const { kind, reference } = purpose as SecretUse['purpose'];
  return {
    id,
    at: at.toISOString(),
    credential,
    credentialName,
    secretVersion,
    sender,
    purpose: { kind, reference },
    host,
    values,
  };
}
