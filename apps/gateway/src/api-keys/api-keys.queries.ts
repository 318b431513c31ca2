import { Injectable } from '@nestjs/common';
import { type ApiKeyDocument, apiKeys, Databases, recordOf, type Searchable, searchPage } from '@rollcall/collections';
import type { ApiKey, ListQuery, Page, Scope } from '@rollcall/contracts';

const byTime: Searchable = { fields: {}, sortable: { createdAt: 'createdAt' }, defaultSort: 'createdAt' };

@Injectable()
export class ApiKeysQueries {
  constructor(private readonly databases: Databases) {}

  async list(query: ListQuery): Promise<Page<ApiKey>> {
    const { items, page } = await searchPage(this.databases.model(apiKeys), byTime, query);
    return { items: items.map(apiKeyOf), page };
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
