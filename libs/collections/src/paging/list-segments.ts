import type { Document, Filter } from 'mongodb';

import type { SortValue } from './cursor.js';
import type { Way } from './list-ways.js';

/** A stretch of an index, to be read from one end to the other. */
export interface Segment {
  readonly match: Filter<Document>;
  readonly sort: Record<string, 1 | -1>;
  /** Documents without the path of the order: an index that leaves them out cannot find them. */
  readonly isNull: boolean;
}

export interface Direction {
  readonly descending: boolean;
  readonly after: { readonly value: SortValue; readonly id: string } | null;
}

const least: Readonly<Record<string, unknown>> = { text: '', number: -Infinity, boolean: false };

/**
 * What is left of a way behind a place, in the order in which it is read. Nothing comes before everything, as the database
 * sorts, but last where the index leaves it out. Each stretch has simple bounds, so that none is ever sorted in memory.
 * @param type of the values of the path, for the end that none has passed yet
 */
export function segmentsOf(way: Way, type: 'text' | 'number' | 'boolean', { descending, after }: Direction): Segment[] {
  const { order } = way;
  const isNullLast = descending || way.index.sparse === order;
  const within = (isNull: boolean, ...conditions: Filter<Document>[]) => segmentOf(way, descending, isNull, conditions);
  if (order === '_id') return [within(false, behindId(after, descending))];
  const some = within(false, { [order]: { $gte: least[type] } });
  const none = way.isBound ? [] : [within(true, { [order]: { $eq: null } })];
  if (after === null) return isNullLast ? [some, ...none] : [...none, some];
  const same = within(after.value === null, { [order]: { $eq: after.value } }, behindId(after, descending));
  if (after.value === null) return isNullLast ? [same] : [same, some];
  const beyond = descending ? { $lt: after.value, $gte: least[type] } : { $gt: after.value };
  return [same, within(false, { [order]: beyond }), ...(isNullLast ? none : [])];
}

function behindId(after: Direction['after'], descending: boolean): Filter<Document> {
  return after === null ? {} : { _id: { [descending ? '$lt' : '$gt']: after.id } };
}

function segmentOf(way: Way, descending: boolean, isNull: boolean, conditions: Filter<Document>[]): Segment {
  const step = descending ? -1 : 1;
  const byIdOnly = way.order === '_id' || conditions.some(hasOneValue);
  return {
    match: allOf([way.match, ...conditions]),
    sort: byIdOnly ? { _id: step } : { [way.order]: step, _id: step },
    isNull,
  };
}

const hasOneValue = (condition: Filter<Document>): boolean =>
  Object.entries(condition).some(([path, one]) => path !== '_id' && '$eq' in (one as object));

/** An empty "and" is no query. */
function allOf(conditions: readonly Filter<Document>[]): Filter<Document> {
  const some = conditions.filter((one) => Object.keys(one).length > 0);
  return some.length === 0 ? {} : { $and: some };
}
