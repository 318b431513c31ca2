import type { Page } from '@rollcall/contracts';
import { type Collection, type Document, type Filter, MongoServerError } from 'mongodb';

import { conditionOf } from './filter.js';
import { afterCursor, bounded, queryTimeMs, valueAt } from './find-page.js';
import { firstBehind } from './list-order.js';
import { type ListRequest, mostCounted, mostGathered, mostLookedAt, smallCollection } from './list-request.js';
import { type Segment, segmentsOf } from './list-segments.js';
import { alternativesIn, nameOf, readBy, type Way, waysFor } from './list-ways.js';
import { PagingError } from './paging.errors.js';
import type { Place, SignedCursors } from './signed-cursor.js';

const gathered = 'gathered';

/** One page of a large collection, read by an index or refused. */
export class ListPage<Doc extends Document & { _id: string }> {
  private isSmallCollection: boolean | null = null;

  constructor(
    private readonly collection: Collection<Doc>,
    private readonly request: ListRequest,
    private readonly cursors: SignedCursors,
  ) {}

  /** @throws PagingError invalid-cursor, not-from-an-index, query-too-slow */
  async read(): Promise<Page<Doc>> {
    const { cursor, limit, countTotal } = this.request;
    const from = cursor === undefined ? null : this.cursors.decode(cursor);
    return readable(async () => {
      const { way, documents, total } = await this.find(from);
      const items = documents.slice(0, limit);
      const last = items.at(-1);
      const order = way === null ? (this.request.sort?.field.path ?? '_id') : way.order;
      const value = last === undefined || order === '_id' ? null : valueAt(last, order);
      const isMore = documents.length > limit && last !== undefined;
      const next = isMore
        ? this.cursors.encode({ way: way === null ? gathered : nameOf(way), value, id: last._id })
        : null;
      return { items, page: { next, ...(countTotal ? await this.totalOf(way, total) : {}) } };
    });
  }

  private async find(from: Place | null): Promise<{ way: Way | null; documents: Doc[]; total: number | null }> {
    const ways = this.walkable();
    if (from !== null && from.way !== gathered) {
      const way = ways.find((one) => nameOf(one) === from.way);
      if (way === undefined) throw outdated();
      return { way, documents: await this.walk(way, from), total: null };
    }
    const best = ways[0];
    if (from === null && best?.left === 0) return { way: best, documents: await this.walk(best, null), total: null };
    const narrow = await this.gather(from !== null);
    if (narrow !== null) return { way: null, ...(await this.gathered(narrow, from)) };
    if (best === undefined) throw this.refusedSort();
    return { way: best, documents: await this.walk(best, null), total: null };
  }

  /** Ways that give the order that is wanted; those that leave least to be looked at come first. */
  private walkable(): Way[] {
    const { filter, indexes, sort } = this.request;
    return waysFor(filter, indexes)
      .filter(({ order }) => sort === null || order === sort.field.path)
      .sort((a, b) => a.left - b.left || Number(b.isNarrow) - Number(a.isNarrow));
  }

  private async walk(way: Way, from: Place | null): Promise<Doc[]> {
    const { limit, sort } = this.request;
    const descending = sort?.descending ?? false;
    const found: Doc[] = [];
    for (const segment of segmentsOf(way, this.request.typeOf(way.order), { descending, after: from })) {
      found.push(...(await this.readSegment(way, segment, limit + 1 - found.length)));
      if (found.length > limit) break;
    }
    return found;
  }

  private async readSegment(way: Way, segment: Segment, wanted: number): Promise<Doc[]> {
    // Whoever lacks the path is in no sparse index. They come last, and are found among all others.
    const isElsewhere = segment.isNull && way.index.sparse === way.order;
    const by = isElsewhere ? { hint: { _id: 1 as const } } : readBy(way);
    const conditions = this.condition(!isElsewhere && way.index.isFolded === true);
    const options = { ...by, maxTimeMS: queryTimeMs };
    if (way.left === 0 || isElsewhere || (await this.isSmall())) {
      const match = { $and: [segment.match, ...conditions] } as Filter<Doc>;
      return (await this.collection.find(match, options).sort(segment.sort).limit(wanted).toArray()) as Doc[];
    }
    const stages = [
      { $match: segment.match },
      { $sort: segment.sort },
      { $limit: mostLookedAt },
      ...conditions.map((one) => ({ $match: one })),
      { $limit: wanted },
    ];
    const found = (await this.collection.aggregate(stages, options).toArray()) as Doc[];
    if (found.length < wanted) await this.refuseUnfinished(segment.match, by);
    return found;
  }

  /** What was not looked at may hold more: an answer without it would be a wrong one. */
  private async refuseUnfinished(match: Filter<Document>, by: ReturnType<typeof readBy>): Promise<void> {
    const counted = { ...by, limit: mostLookedAt, maxTimeMS: queryTimeMs };
    if ((await this.collection.countDocuments(match as Filter<Doc>, counted)) >= mostLookedAt)
      throw this.refusedFilter();
  }

  /** Ways to everybody whom the filter lets through, if indexes narrow it down to few; of a small collection always. */
  private async gather(isContinued: boolean): Promise<readonly Way[] | null> {
    const { filter, indexes } = this.request;
    const most = isContinued ? mostGathered * 2 : mostGathered;
    const alternatives = alternativesIn(filter, indexes);
    const counts = await Promise.all(alternatives.map((ways) => this.countOf(ways, most + 1)));
    const least = Math.min(...counts);
    if (least <= most) return alternatives[counts.indexOf(least)]!;
    if (this.walkable().length > 0 && !isContinued) return null;
    if (await this.isSmall()) return waysFor(null, []);
    if (isContinued) throw this.refusedFilter();
    return null;
  }

  private async countOf(ways: readonly Way[], limit: number): Promise<number> {
    const counts = ways.map((way) =>
      this.collection.countDocuments(way.match as Filter<Doc>, { ...readBy(way), limit, maxTimeMS: queryTimeMs }),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  private async gathered(ways: readonly Way[], from: Place | null) {
    const [only, ...others] = ways;
    const { limit, sort, countTotal } = this.request;
    const isFolded = only!.index.isFolded === true;
    if (others.length > 0 || !this.isSortedBySame(isFolded)) {
      const all = await this.all(ways);
      return { ...(await this.pageOf(all, from)), total: all.length };
    }
    // They are few, so the database sorts them.
    const order = { path: sort?.field.path ?? '_id', descending: sort?.descending ?? false };
    const step = order.descending ? -1 : 1;
    const match = { $and: [only!.match, ...this.condition(isFolded)] };
    const rest = from === null ? match : { $and: [match, afterCursor(from, order)] };
    const by = { ...readBy(only!), maxTimeMS: queryTimeMs };
    const found = this.collection.find(rest as Filter<Doc>, by).sort({ [order.path]: step, _id: step });
    const documents = (await found.limit(limit + 1).toArray()) as Doc[];
    const total = countTotal ? await this.collection.countDocuments(match as Filter<Doc>, by) : null;
    return { documents, total };
  }

  /** Whether the database puts values and nothing in the order in which lists have them. */
  private isSortedBySame(isFolded: boolean): boolean {
    const { sort, typeOf } = this.request;
    if (sort === null || sort.field.path === '_id') return true;
    return (isFolded || typeOf(sort.field.path) !== 'text') && (sort.descending || !this.isNullLast);
  }

  private get isNullLast(): boolean {
    const { indexes, sort } = this.request;
    return indexes.some(({ sparse }) => sparse !== undefined && sparse === sort?.field.path);
  }

  /** Ids and values of the order only. */
  private async all(ways: readonly Way[]): Promise<Doc[]> {
    const { sort } = this.request;
    const projection = { _id: 1, ...(sort === null || sort.field.path === '_id' ? {} : { [sort.field.path]: 1 }) };
    const lists = await Promise.all(
      ways.map((way) => {
        const match = { $and: [way.match, ...this.condition(way.index.isFolded === true)] } as Filter<Doc>;
        return this.collection.find(match, { ...readBy(way), projection, maxTimeMS: queryTimeMs }).toArray();
      }),
    );
    return [...new Map((lists.flat() as Doc[]).map((one) => [one._id, one])).values()];
  }

  private async pageOf(all: readonly Doc[], from: Place | null): Promise<{ documents: Doc[] }> {
    const { limit, sort } = this.request;
    const order = {
      path: sort?.field.path ?? '_id',
      descending: sort?.descending ?? false,
      isNullLast: this.isNullLast,
    };
    const ids = firstBehind(all, order, from, limit + 1).map(({ _id }) => _id);
    const found = await this.collection
      .find({ _id: { $in: ids } } as unknown as Filter<Doc>, { maxTimeMS: queryTimeMs })
      .toArray();
    const byId = new Map((found as Doc[]).map((one) => [one._id, one]));
    return { documents: ids.flatMap((id) => byId.get(id) ?? []) };
  }

  private condition(isFolded: boolean): Filter<Document>[] {
    const { always, filter } = this.request;
    return [...(filter === null ? [] : [conditionOf(filter, isFolded)]), ...always];
  }

  private async totalOf(way: Way | null, total: number | null) {
    if (way === null) return { total: total! };
    const match = { $and: [way.match, ...this.condition(way.index.isFolded === true)] } as Filter<Doc>;
    try {
      const counted = { ...readBy(way), limit: mostCounted + 1, maxTimeMS: queryTimeMs };
      const count = await this.collection.countDocuments(
        match,
        leavesOut(way) ? { ...counted, hint: { _id: 1 } } : counted,
      );
      return count > mostCounted ? { total: mostCounted, totalIs: 'at-least' as const } : { total: count };
    } catch (error) {
      if ((error as { codeName?: string }).codeName !== 'MaxTimeMSExpired') throw error;
      throw new PagingError(
        'not-from-an-index',
        `Counting took longer than ${queryTimeMs / 1000} s and was stopped. Leave out \`include=total\`, or narrow the filter.`,
        error,
        'include',
      );
    }
  }

  private async isSmall(): Promise<boolean> {
    this.isSmallCollection ??= (await this.collection.estimatedDocumentCount()) <= smallCollection;
    return this.isSmallCollection;
  }

  private refusedFilter(): PagingError {
    return new PagingError(
      'not-from-an-index',
      `More than ${mostLookedAt} records would have to be looked at for this page, because no index answers this filter in this order. Add a condition that fits few of them, by eq, sw, gt, ge, lt or le on one of: ${this.request.indexed.join(', ')}. Or leave out \`sort\`.`,
      undefined,
      'filter',
    );
  }

  private refusedSort(): PagingError {
    const { sort, indexed } = this.request;
    return new PagingError(
      'not-from-an-index',
      `This many records cannot be sorted by "${sort!.name}", which has no index. Filter them down to ${mostGathered} or fewer, or sort by one of: id, ${indexed.join(', ')}.`,
      undefined,
      'sort',
    );
  }
}

/** Whoever lacks the path of the order is listed too, and is not in the index. */
const leavesOut = ({ index, order, isBound }: Way): boolean => index.sparse === order && !isBound;

const outdated = (): PagingError =>
  new PagingError(
    'invalid-cursor',
    'The list is read in another way than when this cursor was given: the fields that it can be filtered by were changed. Start at the first page.',
  );

const BAD_VALUE = 2;

/** An index that is named is listed from the moment on that it is begun, and of use only when it is done. */
async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await bounded(read);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== BAD_VALUE || !/\bhint\b/.test(error.message))
      throw error;
    throw new PagingError(
      'query-too-slow',
      'An index by which this list is read is still being made. Try again in a minute, or leave out `filter` and `sort`.',
      error,
    );
  }
}
