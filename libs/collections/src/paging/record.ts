import type { Document } from 'mongodb';
import type { Model } from 'mongoose';

import { bounded, queryTimeMs } from './find-page.js';

/** A document as the rest of the world knows it: `id` instead of `_id`. */
export type RecordOf<Doc extends { _id: unknown }> = Omit<Doc, '_id'> & { id: Doc['_id'] };

export function recordOf<Doc extends { _id: unknown }>({ _id, ...rest }: Doc): RecordOf<Doc> {
  return { id: _id, ...rest };
}

/** One document by its id, as a record; null when there is none. @throws PagingError query-too-slow */
export async function findRecord<Doc extends Document & { _id: string }>(
  model: Model<Doc>,
  id: string,
): Promise<RecordOf<Doc> | null> {
  const document = await bounded(() => model.findById(id).maxTimeMS(queryTimeMs).lean());
  return document === null ? null : recordOf(document as unknown as Doc);
}
