import { Injectable } from '@nestjs/common';
import {
  bounded,
  containsText,
  Databases,
  fields,
  type FilterField,
  PagingError,
  people,
  queryTimeMs,
  type Searchable,
  searchPage,
  trusted,
} from '@rollcall/collections';
import { type ListQuery, type PeopleListQuery, variableNameSchema } from '@rollcall/contracts';

import { HistoryQueries } from '../history/history.queries.js';
import { trackedNames, TrackedValuesQueries } from './tracked-values.queries.js';

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
    deactivatedByPlan: { path: 'deactivated.plan', type: 'exact' },
    erasedAt: { path: 'erasedAt', type: 'iso-time' },
  },
  more: (name) => peopleField(name),
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

/** Names by which people sign in, told apart like keys wherever they come from. */
const loginNames = ['email', 'username'];

/** Attributes of people are filtered by the variable name of their field, whoever defined it. */
function peopleField(name: string, keys: readonly string[] = loginNames): FilterField | null {
  if (!variableNameSchema.safeParse(name).success) return null;
  return { path: `values.${name}`, type: 'text', isKey: keys.includes(name) };
}

/** Values of runs are kept apart from people, so the database cannot look for them. @throws PagingError */
function withoutTracked(names: ReadonlySet<string>, keys: readonly string[]): Searchable {
  const more = (name: string): FilterField | null => {
    if (names.has(name)) throw new PagingError('invalid-filter', whyTracked(name, 'filtered'));
    return peopleField(name, keys);
  };
  return { ...searchable, more };
}

/** @throws PagingError */
function refuseTrackedSort(sort: string | undefined, names: ReadonlySet<string>): void {
  const name = sort?.replace(/^-/, '');
  if (name !== undefined && names.has(name)) throw new PagingError('invalid-sort', whyTracked(name, 'sorted'));
}

const whyTracked = (name: string, done: string): string =>
  `"${name}" holds a value of the run that saw a person last, which is kept apart from people, so this list cannot be ` +
  `${done} by it. Filter by createdByRun, or sort by another field.`;

const searchedPaths = ['display_name', 'first_name', 'last_name'].map((name) => `values.${name}`);
const searchedKeys = loginNames.map((name) => `values.${name}`);

@Injectable()
export class PeopleQueries {
  constructor(
    private readonly databases: Databases,
    private readonly past: HistoryQueries,
    private readonly tracked: TrackedValuesQueries,
  ) {}

  async list({ q, ...query }: PeopleListQuery) {
    const names = (field: RegExp) => query.filter !== undefined && field.test(query.filter);
    const trackedFields = await this.tracked.fields();
    const tracked = trackedNames(trackedFields);
    refuseTrackedSort(query.sort, tracked);
    const keys = query.filter === undefined ? loginNames : await this.keyNames();
    const { items, page } = await searchPage(this.databases.model(people), withoutTracked(tracked, keys), query, [
      ...(q === undefined ? [] : [containsText(searchedPaths, q, searchedKeys)]),
      ...(names(/\bmergedInto\b/) ? [] : [{ mergedInto: { $eq: null } }]),
      ...(names(/\berasedAt\b/) ? [] : [{ erasedAt: trusted({ $exists: false }) }]),
    ]);
    return { items: await this.tracked.join(items, trackedFields), page };
  }

  private async keyNames(): Promise<string[]> {
    const unique = await bounded(() =>
      this.databases.model(fields).find({ unique: true }, { variable: 1 }, { maxTimeMS: queryTimeMs }).lean(),
    );
    return [...loginNames, ...unique.map(({ variable }) => variable)];
  }

  /** What the last run noted belongs to now, so it is not told of the past. */
  async get(id: string, at?: string) {
    const person = await this.past.asOf('person', id, at);
    if (at !== undefined) return person;
    return (await this.tracked.join([person], await this.tracked.fields()))[0]!;
  }

  async history(id: string, query: ListQuery) {
    return this.past.revisions('person', id, query);
  }

  async timeline(id: string, query: ListQuery) {
    return this.past.timeline(id, query);
  }
}
