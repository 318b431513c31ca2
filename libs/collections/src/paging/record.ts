import type { Collection, Document, Filter } from 'mongodb';

import { bounded, queryTimeMs } from './find-page.js';

/** A document as the rest of the world knows it: `id` instead of `_id`. */
export type RecordOf<Doc extends { _id: unknown }> = Omit<Doc, '_id'> & { id: Doc['_id'] };

export function recordOf<Doc extends { _id: unknown }>({ _id, ...rest }: Doc): RecordOf<Doc> {
  return { id: _id, ...rest };
}

/** One document by its id, as a record; null when there is none. @throws PagingError query-too-slow */
export async function findRecord<Doc extends Document & { _id: string }>(
  collection: Collection<Doc>,
  id: string,
): Promise<RecordOf<Doc> | null> {
  const document = await bounded(() => collection.findOne({ _id: id } as Filter<Doc>, { maxTimeMS: queryTimeMs }));
  return document === null ? null : recordOf(document as unknown as Doc);
}
