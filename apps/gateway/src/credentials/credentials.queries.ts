import { Inject, Injectable } from '@nestjs/common';
import { credentials, Databases, findRecord, type Searchable, searchPage } from '@rollcall/collections';
import type { SearchableListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    name: { path: 'name', type: 'text' },
    connector: { path: 'connector', type: 'exact' },
    type: { path: 'type', type: 'exact' },
    createdAt: { path: 'createdAt', type: 'iso-time' },
    updatedAt: { path: 'updatedAt', type: 'iso-time' },
  },
  sortable: { id: '_id', name: 'name', createdAt: 'createdAt', updatedAt: 'updatedAt' },
  defaultSort: 'name',
};

/** Reads what the vault publishes about credentials; ciphertexts lie where the gateway cannot read. */
@Injectable()
export class CredentialsQueries {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async list(query: SearchableListQuery) {
    return searchPage(this.databases.model(credentials), searchable, query);
  }

  async get(id: string) {
    return found(await findRecord(this.databases.model(credentials), id), `credential ${id}`);
  }
}
