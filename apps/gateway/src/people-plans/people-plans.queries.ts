import { Injectable } from '@nestjs/common';
import {
  Databases,
  findRecord,
  type PeoplePlanDocument,
  peoplePlanLines,
  peoplePlans,
  type RecordOf,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import type { PeoplePlanLineQuery, PeoplePlanListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    state: { path: 'state', type: 'exact' },
    integration: { path: 'integrations', type: 'exact' },
    change: { path: 'change', type: 'text' },
    changedBy: { path: 'changedBy', type: 'exact' },
    decidedBy: { path: 'decidedBy', type: 'exact' },
    createdAt: { path: 'createdAt', type: 'iso-time' },
  },
  sortable: { id: '_id', createdAt: 'createdAt' },
  defaultSort: '-createdAt',
};

const byNumber: Searchable = { fields: {}, sortable: { number: 'number' }, defaultSort: 'number' };

@Injectable()
export class PeoplePlansQueries {
  constructor(private readonly databases: Databases) {}

  async list({ integration, state, ...query }: PeoplePlanListQuery) {
    const conditions = [
      ...(integration === undefined ? [] : [{ integrations: { $eq: integration } }]),
      ...(state === undefined ? [] : [{ state: { $eq: state } }]),
    ];
    const { items, page } = await searchPage(this.databases.model(peoplePlans), searchable, query, conditions);
    return { items: items.map(told), page };
  }

  async get(id: string) {
    return told(found(await findRecord(this.databases.model(peoplePlans), id), `people plan ${id}`));
  }

  async lines(plan: string, { state, ...query }: PeoplePlanLineQuery) {
    await this.get(plan);
    return searchPage(this.databases.model(peoplePlanLines), byNumber, query, [
      { plan: { $eq: plan } },
      ...(state === undefined ? [] : [{ state: { $eq: state } }]),
    ]);
  }
}

function told({ expiresAt, ...plan }: RecordOf<PeoplePlanDocument>) {
  return { ...plan, expiresAt: expiresAt?.toISOString() ?? null };
}
