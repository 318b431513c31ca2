import { Injectable } from '@nestjs/common';
import {
  Databases,
  type ErasureDocument,
  erasures,
  findRecord,
  type RecordOf,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import type { ErasureListQuery, ErasureRecord, Page } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    state: { path: 'state', type: 'exact' },
    by: { path: 'by', type: 'exact' },
    at: { path: 'at', type: 'date' },
  },
  sortable: { at: 'at' },
  defaultSort: '-at',
};

@Injectable()
export class ErasuresQueries {
  constructor(private readonly databases: Databases) {}

  /** @throws GatewayError not-found */
  async get(person: string): Promise<ErasureRecord> {
    return told(found(await findRecord(this.databases.model(erasures), person), `erasure of person ${person}`));
  }

  async list(query: ErasureListQuery): Promise<Page<ErasureRecord>> {
    const { items, page } = await searchPage(this.databases.model(erasures), searchable, query);
    return { items: items.map(told), page };
  }
}

/** What is looked for is no part of it. */
function told({ subject: _subject, at, doneAt, ...erasure }: RecordOf<ErasureDocument>): ErasureRecord {
  return { ...erasure, at: at.toISOString(), doneAt: doneAt?.toISOString() ?? null };
}
