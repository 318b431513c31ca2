import type { ListQuery, Page, SearchableListQuery } from '@rollcall/contracts';
import type { Document, Filter } from 'mongodb';
import type { Model } from 'mongoose';

import { translateFilter } from './filter.js';
import type { FilterFields } from './filter-fields.js';
import { findPage, sortOrder } from './find-page.js';
import { type RecordOf, recordOf } from './record.js';

/** What a list may be filtered and sorted by. */
export interface Searchable extends FilterFields {
  /** Name for clients → path. `id` → `_id` is the order without ties. */
  readonly sortable: Readonly<Record<string, string>>;
  readonly defaultSort: string;
}

/**
 * One page of records as a client asked for it, within what the list allows.
 * @param conditions further conditions built by the service, never an object of a request (P35)
 * @throws PagingError
 */
export async function searchPage<Doc extends Document & { _id: string }>(
  model: Model<Doc>,
  searchable: Searchable,
  query: ListQuery & Partial<SearchableListQuery>,
  conditions: readonly Filter<Document>[] = [],
): Promise<Page<RecordOf<Doc>>> {
  const { filter, sort, limit, cursor, include } = query;
  const { items, page } = await findPage(model, {
    conditions: filter === undefined ? conditions : [...conditions, translateFilter(filter, searchable)],
    sort: sortOrder(sort, searchable.sortable, searchable.defaultSort),
    limit,
    cursor,
    countTotal: include === 'total',
  });
  return { items: items.map(recordOf), page };
}
