import { Inject, Injectable } from '@nestjs/common';
import {
  changes,
  containsText,
  Databases,
  type FilterField,
  findRecord,
  people,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import { type Change, type ListQuery, type PeopleListQuery, variableNameSchema } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    active: { path: 'active', type: 'boolean' },
    protected: { path: 'protected', type: 'boolean' },
    mergedInto: { path: 'mergedInto', type: 'exact' },
    createdAt: { path: 'created.time', type: 'iso-time' },
    createdByRun: { path: 'created.cause.run', type: 'exact' },
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

const byRevision: Searchable = { fields: {}, sortable: { revision: 'revision' }, defaultSort: '-revision' };

@Injectable()
export class PeopleQueries {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async list({ q, ...query }: PeopleListQuery) {
    const namesMerged = query.filter !== undefined && /\bmergedInto\b/.test(query.filter);
    return searchPage(this.databases.collection(people), searchable, query, [
      ...(q === undefined ? [] : [containsText(searchedPaths, q)]),
      ...(namesMerged ? [] : [{ mergedInto: { $eq: null } }]),
    ]);
  }

  async get(id: string) {
    return found(await findRecord(this.databases.collection(people), id), `person ${id}`);
  }

  /** Revisions from the newest on. A person at the first revision has no change yet (C2): his record tells of it. */
  async history(id: string, query: ListQuery) {
    const person = await this.get(id);
    if (person.revision === 1) return { items: [creationOf(person)], page: { next: null } };
    return searchPage(this.databases.collection(changes), byRevision, query, [{ record: { $eq: id } }]);
  }
}

function creationOf(person: Awaited<ReturnType<PeopleQueries['get']>>): Change {
  const { id, created } = person;
  const { cause, time } = created;
  return {
    id: null,
    kind: 'person',
    record: id,
    revision: 1,
    event: 'person.created',
    changed: {},
    cause,
    time,
    after: person,
  };
}
