import type { Document } from 'mongodb';

import type { Comparison, FilterNode } from './filter.js';
import type { ComparedValue } from './filter-fields.js';

/** What an index can do for a comparison: one value, or a stretch of values. */
export type Bound =
  | { readonly kind: 'one'; readonly value: ComparedValue | null }
  | { readonly kind: 'stretch'; readonly within: Document };

/** Sorts behind every text that begins with what stands before it, with a collation and without. */
const last = '\uffff';
const lastExact = '\u{10ffff}';
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Everything that a comparison is true of lies within its bound, and perhaps more: without case fewer texts differ than by
 * the comparison itself, which is always asked too. Null: no index helps.
 */
export function boundOf({ field: { type }, operator, value }: Comparison): Bound | null {
  if (operator === 'pr' || operator === 'ne' || operator === 'co' || operator === 'ew') return null;
  if (value === null) return { kind: 'one', value };
  if (type === 'written-time') return { kind: 'stretch', within: writtenWithin(operator, value as Date) };
  if (operator === 'eq') return { kind: 'one', value };
  if (operator === 'sw') {
    const text = String(value);
    return { kind: 'stretch', within: { $gte: text, $lt: text + (type === 'text' ? last : lastExact) } };
  }
  return { kind: 'stretch', within: { [{ gt: '$gt', ge: '$gte', lt: '$lt', le: '$lte' }[operator]]: value } };
}

/** Whatever its offset, the day that stands in a written time is at most one from the day in UTC. */
function writtenWithin(operator: Comparison['operator'], value: Date): Document {
  const dayBefore = new Date(value.getTime() - dayMs).toISOString().slice(0, 10);
  const dayAfter = new Date(value.getTime() + dayMs).toISOString().slice(0, 10) + last;
  if (operator === 'eq') return { $gte: dayBefore, $lt: dayAfter };
  return operator === 'gt' || operator === 'ge' ? { $gte: dayBefore } : { $lt: dayAfter, $gte: '' };
}

/** The parts of a filter that all have to be true. */
export function conjunctsOf(node: FilterNode | null): FilterNode[] {
  if (node === null) return [];
  return node.kind === 'and' ? node.parts.flatMap(conjunctsOf) : [node];
}
