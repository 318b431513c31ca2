import {
  type FilterField,
  type FilterFields,
  type FilterNode,
  type ListIndex,
  PagingError,
} from '@rollcall/collections';

/** A list that is read by indexes, and what it may be asked. */
export interface IndexedList extends FilterFields {
  /** Part of its cursors, so that no other list takes them. */
  readonly name: string;
  readonly indexes: readonly ListIndex[];
  /** Conditions that are true of nearly every record. */
  readonly always: readonly Readonly<Record<string, unknown>>[];
}

const comparable: Readonly<Record<FilterField['type'], 'text' | 'number' | 'boolean'>> = {
  text: 'text',
  exact: 'text',
  'iso-time': 'text',
  'written-time': 'text',
  date: 'number',
  number: 'number',
  boolean: 'boolean',
};

/** How the values at a path are ordered. */
export function fieldOfPath(path: string, list: FilterFields): 'text' | 'number' | 'boolean' {
  const known = Object.values(list.fields).find((field) => field.path === path);
  const variable = path.startsWith('values.') ? path.slice('values.'.length) : null;
  const field = known ?? (variable === null ? null : list.more?.(variable));
  return comparable[field?.type ?? 'text'];
}

/** The order that a client asked for. @throws PagingError invalid-sort */
export function orderOf(asked: string | undefined, list: FilterFields) {
  if (asked === undefined) return null;
  const descending = asked.startsWith('-');
  const name = descending ? asked.slice(1) : asked;
  const field = Object.hasOwn(list.fields, name) ? list.fields[name] : list.more?.(name);
  if (field && field.isList !== true) return { field, name, descending };
  const names = Object.keys(list.fields)
    .filter((one) => list.fields[one]!.isList !== true)
    .join(', ');
  throw new PagingError('invalid-sort', `This list cannot be sorted by "${name}". It can by: ${names}.`);
}

/** Names that clients know of what is indexed. */
export function indexedNames({ fields }: FilterFields, indexes: readonly ListIndex[]): string[] {
  const paths = new Set(indexes.flatMap((index) => index.paths));
  const named = Object.entries(fields).filter(([, { path, beginsId }]) => paths.has(path) || beginsId === true);
  const values = [...paths].filter((path) => path.startsWith('values.')).map((path) => path.slice('values.'.length));
  return [...new Set([...named.map(([name]) => name), ...values])];
}

/** A condition of the service itself, in the terms of filters: an index may answer it. */
export const isEqual = (path: string, value: string | boolean, more: Partial<FilterField> = {}): FilterNode => ({
  kind: 'compare',
  name: path,
  field: { path, type: typeof value === 'string' ? 'exact' : 'boolean', ...more },
  operator: 'eq',
  value,
});

/** One of the fields contains this text, or begins with it. */
export const isInOneOf = (fields: readonly FilterField[], text: string, operator: 'co' | 'sw'): FilterNode => ({
  kind: 'or',
  parts: fields.map((field) => ({ kind: 'compare', name: field.path, field, operator, value: text })),
});
