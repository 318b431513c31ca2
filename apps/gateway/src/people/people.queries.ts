import { Injectable } from '@nestjs/common';
import { bounded, Databases, fields, people, queryTimeMs } from '@rollcall/collections';
import { type ListQuery, type PeopleListQuery, personViewSchema } from '@rollcall/contracts';

import { HistoryQueries } from '../history/history.queries.js';
import { choose } from '../http/chosen-fields.js';
import { isInOneOf } from '../lists/indexed-list.js';
import { IndexedLists } from '../lists/indexed-lists.js';
import { peopleList, refuseTrackedSort, searchedFields } from './people-list.js';
import { trackedNames, TrackedValuesQueries } from './tracked-values.queries.js';

@Injectable()
export class PeopleQueries {
  constructor(
    private readonly databases: Databases,
    private readonly past: HistoryQueries,
    private readonly tracked: TrackedValuesQueries,
    private readonly lists: IndexedLists,
  ) {}

  async list({ fields: wanted, ...query }: PeopleListQuery) {
    const [tracked, defined] = await Promise.all([this.tracked.fields(), this.fields()]);
    const names = trackedNames(tracked);
    refuseTrackedSort(query.sort, names);
    const list = peopleList(defined, names, query.filter);
    const isSmall = query.q === undefined || (await this.lists.isSmall(people));
    const searched = searchedFields(list, !isSmall);
    const also = query.q === undefined ? [] : [isInOneOf(searched, query.q, isSmall ? 'co' : 'sw')];
    const { items, page } = await this.lists.page(people, list, query, also);
    const joined = { items: await this.tracked.join(items, tracked), page };
    return choose(joined, wanted, Object.keys(personViewSchema.shape));
  }

  private fields() {
    return bounded(() => this.databases.model(fields).find({}, null, { maxTimeMS: queryTimeMs }).lean());
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
