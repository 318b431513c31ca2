import type { Collection, Document, Filter } from 'mongodb';

import type { Redaction } from './redaction.js';

const mostAttempts = 5;

/**
 * Takes a person out of the documents that a filter finds, one at a time, field by field. Each write compares what it
 * replaces, so that what a service writes meanwhile is neither lost nor overwritten; it is read again instead.
 * @returns how many documents were changed
 */
export async function redactDocuments<Doc extends Document>(
  collection: Collection<Doc>,
  filter: Filter<Doc>,
  redaction: Redaction,
): Promise<number> {
  let changed = 0;
  for await (const document of collection.find(filter)) {
    if (await redactOne(collection as unknown as Collection, document as Document, redaction)) changed += 1;
  }
  return changed;
}

async function redactOne(collection: Collection, found: Document, redaction: Redaction): Promise<boolean> {
  let document: Document | null = found;
  for (let attempt = 1; document !== null && attempt <= mostAttempts; attempt += 1) {
    const { was, set } = differenceOf(document, redaction);
    if (Object.keys(set).length === 0) return false;
    const filter = {
      $and: [{ _id: document['_id'] as never }, ...Object.entries(was).map(([key, value]) => equal(key, value))],
    };
    const { matchedCount } = await collection.updateOne(filter, { $set: set });
    if (matchedCount === 1) return true;
    document = await collection.findOne({ _id: found['_id'] as never });
  }
  if (document === null) return false;
  throw new Error(`a document of ${collection.collectionName} changed each time a person was taken out of it`);
}

const equal = (key: string, value: unknown): Document => ({ [key]: { $eq: value } });

function differenceOf(document: Document, redaction: Redaction): { was: Document; set: Document } {
  const isAbout = redaction.isAbout(document);
  const was: Document = {};
  const set: Document = {};
  for (const [key, value] of Object.entries(document)) {
    const after: unknown = redaction.of({ [key]: value }, isAbout)[key];
    if (after === value) continue;
    was[key] = value;
    set[key] = after;
  }
  return { was, set };
}
