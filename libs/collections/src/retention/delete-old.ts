import type { Collection, Document, Filter, WithId } from 'mongodb';

export interface OldDocuments<Doc extends Document> {
  readonly collection: Collection<Doc>;
  /** Which documents are old enough. */
  readonly filter: Filter<Doc>;
  readonly limit: number;
  /** Of those, which somebody still needs; asked for a batch at a time. */
  readonly needed?: (documents: readonly WithId<Doc>[]) => Promise<ReadonlySet<unknown>>;
  /** Deletes what hangs on them, before they go themselves: killed in between, they are found again. */
  readonly before?: (ids: readonly unknown[]) => Promise<void>;
}

/** Deletes old documents that nobody needs, at most so many. Needed ones are passed by and looked at again the next time. */
export async function deleteOld<Doc extends Document>(old: OldDocuments<Doc>): Promise<number> {
  const { collection, filter, limit, needed, before } = old;
  let ids: unknown[] = [];
  let page: WithId<Doc>[] = [];
  const judge = async () => {
    const kept = (await needed?.(page)) ?? new Set();
    ids = [...ids, ...page.map(({ _id }) => _id as unknown).filter((id) => !kept.has(id))];
    page = [];
  };
  for await (const document of collection.find(filter)) {
    page.push(document);
    if (page.length >= limit) await judge();
    if (ids.length >= limit) break;
  }
  if (ids.length < limit) await judge();
  if (ids.length === 0) return 0;
  const batch = ids.slice(0, limit);
  await before?.(batch);
  // The filter once more: what changed meanwhile may be in use again.
  const { deletedCount } = await collection.deleteMany({
    $and: [filter, { _id: { $in: batch } }],
  } as unknown as Filter<Doc>);
  return deletedCount;
}
