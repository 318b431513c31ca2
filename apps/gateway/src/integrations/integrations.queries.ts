import { Inject, Injectable } from '@nestjs/common';
import { Databases, findRecord, integrations, type Searchable, searchPage } from '@rollcall/collections';
import type { SearchableListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    name: { path: 'name', type: 'text' },
    connector: { path: 'connector', type: 'exact' },
    state: { path: 'state', type: 'exact' },
    credential: { path: 'credential', type: 'exact' },
    content: { path: 'content', type: 'exact' },
    preference: { path: 'preference', type: 'exact' },
    deactivates: { path: 'deactivate.enabled', type: 'boolean' },
    openRun: { path: 'openRun', type: 'exact' },
    nextRunAt: { path: 'nextRunAt', type: 'iso-time' },
    createdAt: { path: 'createdAt', type: 'iso-time' },
  },
  sortable: { id: '_id', name: 'name', createdAt: 'createdAt', nextRunAt: 'nextRunAt' },
  defaultSort: 'name',
};

@Injectable()
export class IntegrationsQueries {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async list(query: SearchableListQuery) {
    return searchPage(this.databases.collection(integrations), searchable, query);
  }

  async get(id: string) {
    return found(await findRecord(this.databases.collection(integrations), id), `integration ${id}`);
  }
}
