import { Inject, Injectable } from '@nestjs/common';
import { containsText, Databases, type FilterField, people, type Searchable, searchPage } from '@rollcall/collections';
import { type ListQuery, type PeopleListQuery, variableNameSchema } from '@rollcall/contracts';

import { HistoryQueries } from '../history/history.queries.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    active: { path: 'active', type: 'boolean' },
    protected: { path: 'protected', type: 'boolean' },
    mergedInto: { path: 'mergedInto', type: 'exact' },
    createdAt: { path: 'created.time', type: 'iso-time' },
    createdByRun: { path: 'created.cause.run', type: 'exact' },
    createdByIntegration: { path: 'created.cause.integration', type: 'exact' },
    deactivatedAt: { path: 'deactivated.time', type: 'iso-time' },
    deactivatedByRun: { path: 'deactivated.run', type: 'exact' },
  },
  more: peopleField,
  sortable: {
    id: '_id',
    createdAt: 'created.time',
    display_name: 'values.display_name',
    email: 'values.email',
    username: 'values.username',
    last_name: 'values.last_name',
  },
  defaultSort: 'id',
};

/** Attributes of people are filtered by the variable name of their field, whoever defined it. */
function peopleField(name: string): FilterField | null {
  return variableNameSchema.safeParse(name).success ? { path: `values.${name}`, type: 'text' } : null;
}

const searchedPaths = ['display_name', 'first_name', 'last_name', 'email', 'username'].map((name) => `values.${name}`);

@Injectable()
export class PeopleQueries {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(HistoryQueries) private readonly past: HistoryQueries,
  ) {}

  async list({ q, ...query }: PeopleListQuery) {
    const namesMerged = query.filter !== undefined && /\bmergedInto\b/.test(query.filter);
    return searchPage(this.databases.collection(people), searchable, query, [
      ...(q === undefined ? [] : [containsText(searchedPaths, q)]),
      ...(namesMerged ? [] : [{ mergedInto: { $eq: null } }]),
    ]);
  }

  async get(id: string, at?: string) {
    return this.past.asOf('person', id, at);
  }

  async history(id: string, query: ListQuery) {
    return this.past.revisions('person', id, query);
  }

  async timeline(id: string, query: ListQuery) {
    return this.past.timeline(id, query);
  }
}
