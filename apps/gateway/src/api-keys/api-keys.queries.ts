import { Injectable } from '@nestjs/common';
import {
  type ApiKeyDocument,
  apiKeys,
  Databases,
  findRecord,
  recordOf,
  type Searchable,
  searchPage,
  trusted,
} from '@rollcall/collections';
import type { ApiKey, ListQuery, Page, Scope } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const byTime: Searchable = { fields: {}, sortable: { createdAt: 'createdAt' }, defaultSort: 'createdAt' };

@Injectable()
export class ApiKeysQueries {
  constructor(private readonly databases: Databases) {}

  /** @param owner whose keys alone; left out: all of them */
  async list(query: ListQuery, owner?: string): Promise<Page<ApiKey>> {
    const conditions = owner === undefined ? [] : [{ owner }];
    const { items, page } = await searchPage(this.databases.model(apiKeys), byTime, query, conditions);
    return { items: items.map(apiKeyOf), page };
  }

  async get(id: string): Promise<ApiKey> {
    return apiKeyOf(found(await findRecord(this.databases.model(apiKeys), id), `API key ${id}`));
  }

  /** Null when there is none of this owner. */
  async find(id: string, owner: string): Promise<ApiKey | null> {
    const key = await findRecord(this.databases.model(apiKeys), id);
    return key?.owner === owner ? apiKeyOf(key) : null;
  }

  /** Neither revoked nor expired. */
  async countOfUse(owner: string): Promise<number> {
    const end = [{ expiresAt: null }, { expiresAt: trusted({ $gt: this.databases.time() }) }];
    return this.databases.model(apiKeys).countDocuments({ owner, revokedAt: null, $or: end });
  }
}

/** An API key as the API shows it. The hash stays behind. */
export function apiKeyOf(key: ReturnType<typeof recordOf<ApiKeyDocument>>): ApiKey {
  const { id, name, owner, scopes, limit, createdAt, expiresAt, lastUsedAt, revokedAt } = key;
  return {
    id,
    name,
    // Made with a key that has no owner either: the two are one person, whose name nobody told.
    owner: owner ?? null,
    scopes: scopes as Scope[],
    limit: limit ?? null,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
