import type { CollationOptions, Document, Filter } from 'mongodb';

import { boundOf, conjunctsOf } from './bounds.js';
import type { FilterNode } from './filter.js';
import type { ComparedValue } from './filter-fields.js';
import { byId, folded, isText, keyOfIndex, type ListIndex } from './list-index.js';

/** One way to read a list: an index, the stretch of it that is read, and the order that it gives. */
export interface Way {
  readonly index: ListIndex;
  /** Conditions that the index answers by itself. */
  readonly match: Filter<Document>;
  /** Path whose order it gives, before `_id`. */
  readonly order: string;
  /** Whether the stretch ends before the whole index does. */
  readonly isNarrow: boolean;
  /** Whether `order` has conditions, so that nothing without it is looked for. */
  readonly isBound: boolean;
  /** Parts of the filter that it does not answer. */
  readonly left: number;
}

/** How a query is told to read by it. */
export function readBy({ index }: Way): { hint: Record<string, 1>; collation?: CollationOptions } {
  return { hint: keyOfIndex(index), ...(index.isFolded === true ? { collation: folded } : {}) };
}

/** Name of the order, for cursors. */
export const nameOf = ({ index, order }: Way): string => `${index.paths.join('+')}>${order}`;

interface PathBounds {
  one?: ComparedValue | null;
  stretches: Document[];
  parts: Set<FilterNode>;
}

interface Bounds {
  readonly byPath: ReadonlyMap<string, PathBounds>;
  readonly parts: number;
}

/** All ways to read what a filter lets through; each finds all of it, and perhaps more. */
export function waysFor(filter: FilterNode | null, indexes: readonly ListIndex[]): Way[] {
  const bounds = boundsOf(conjunctsOf(filter));
  return [byId, ...indexes].flatMap((index) => wayBy(index, bounds) ?? []);
}

function boundsOf(conjuncts: readonly FilterNode[]): Bounds {
  const byPath = new Map<string, PathBounds>();
  for (const part of conjuncts) {
    if (part.kind !== 'compare') continue;
    const bound = boundOf(part);
    if (bound === null) continue;
    note(byPath, part.field.path, bound, part);
    if (part.field.beginsId === true && bound.kind === 'one') {
      const within = { $gte: `${String(bound.value)}:`, $lt: `${String(bound.value)};` };
      note(byPath, '_id', { kind: 'stretch', within }, part);
    }
  }
  return { byPath, parts: conjuncts.length };
}

function note(
  byPath: Map<string, PathBounds>,
  path: string,
  bound: NonNullable<ReturnType<typeof boundOf>>,
  part: FilterNode,
): void {
  const known = byPath.get(path) ?? { stretches: [], parts: new Set() };
  byPath.set(path, known);
  known.parts.add(part);
  // Of two values that are both wanted the second is left to the filter itself.
  if (bound.kind === 'stretch') known.stretches.push(bound.within);
  else if (known.one === undefined) known.one = bound.value;
  else known.parts.delete(part);
}

function wayBy(index: ListIndex, { byPath, parts }: Bounds): Way | null {
  const only = Object.entries(index.only ?? {});
  const oneAt = (path: string) => byPath.get(path)?.one;
  if (only.some(([path, value]) => oneAt(path) !== value)) return null;
  const fixed = index.paths.findIndex((path) => oneAt(path) === undefined);
  const equal = fixed < 0 ? index.paths : index.paths.slice(0, fixed);
  if (equal.length < index.paths.length - 1) return null;
  // Null is not in a sparse index.
  if (index.sparse !== undefined && oneAt(index.sparse) === null) return null;
  const order = index.paths[equal.length] ?? '_id';
  const within = stretchesOf(byPath.get(order), order);
  const conditions: Filter<Document>[] = [
    ...only.map(([path, value]) => ({ [path]: { $eq: value } })),
    ...equal.map((path) => ({ [path]: { $eq: oneAt(path) } })),
    ...within,
    ...(index.sparse === order && within.length > 0 ? [isText(order)] : []),
  ];
  const used = [...only.map(([path]) => path), ...equal, order];
  const answered = new Set(used.flatMap((path) => [...(byPath.get(path)?.parts ?? [])]));
  return {
    index,
    match: conditions.length === 0 ? {} : { $and: conditions },
    order,
    isNarrow: conditions.length > 0,
    isBound: within.length > 0,
    left: parts - answered.size,
  };
}

function stretchesOf(bounds: PathBounds | undefined, path: string): Filter<Document>[] {
  if (bounds === undefined) return [];
  const one = bounds.one === undefined ? [] : [{ [path]: { $eq: bounds.one } }];
  return [...one, ...bounds.stretches.map((within) => ({ [path]: within }))];
}

/**
 * Ways that together find all of a filter: one that narrows it down, or one for each side of an "or". Null: there is none.
 */
export function alternativesIn(filter: FilterNode | null, indexes: readonly ListIndex[]): Way[][] {
  const single = waysFor(filter, indexes)
    .filter(({ isNarrow }) => isNarrow)
    .map((way) => [way]);
  const sides = conjunctsOf(filter).flatMap((part) => {
    if (part.kind !== 'or') return [];
    const ways = part.parts.map((side) => waysFor(side, indexes).find(({ isNarrow }) => isNarrow));
    return ways.every((way) => way !== undefined) ? [ways as Way[]] : [];
  });
  return [...single, ...sides];
}
