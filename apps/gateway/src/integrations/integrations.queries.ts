import { Injectable } from '@nestjs/common';
import {
  Databases,
  findRecord,
  integrations,
  mappings,
  pollUntil,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import type { Limit, SearchableListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { ofIds } from '../rights/conditions.js';

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

/** Milliseconds between looks for a mapping that is being made. */
const lookAfterMs = [0, 20, 50, 100];

@Injectable()
export class IntegrationsQueries {
  constructor(private readonly databases: Databases) {}

  async list(query: SearchableListQuery, within: Limit | null) {
    return searchPage(this.databases.model(integrations), searchable, query, ofIds(within?.integrations));
  }

  async get(id: string) {
    return found(await findRecord(this.databases.model(integrations), id), `integration ${id}`);
  }

  /** Waits until the first version of an integration's mapping is there, at most so long. */
  async awaitMapping(id: string, patienceMs: number): Promise<void> {
    const look = () => this.databases.model(mappings).findOne({ integration: id }, { _id: 1 }).lean();
    await pollUntil(look, lookAfterMs, patienceMs);
  }
}
