import { PagingError } from './paging.errors.js';

/**
 * How a field is compared. `text` without regard to case, as SCIM wants it; `exact` for ids and states; `iso-time` is
 * a time stored as ISO text in UTC, `date` one stored as a date, `written-time` one stored as it was written, perhaps with
 * another offset or without a time of day.
 */
export type FilterFieldType = 'text' | 'exact' | 'number' | 'boolean' | 'iso-time' | 'date' | 'written-time';

export type ComparedValue = string | number | boolean | Date;

export interface FilterField {
  /** Path in the document. Never taken from a request. */
  readonly path: string;
  readonly type: FilterFieldType;
  /** Text by which people are told apart: characters that show nothing count for nothing, as where it is matched. */
  readonly isKey?: boolean;
  /** A document has several of its values, so it gives no order. */
  readonly isList?: boolean;
  /** Its value is the first part of the id, up to a colon. */
  readonly beginsId?: boolean;
}

/** The fields of a resource that may be filtered by: name in the filter → what it means. */
export interface FilterFields {
  readonly fields: Readonly<Record<string, FilterField>>;
  /** For resources with fields that people define: the meaning of another name, or null when there is none. */
  readonly more?: (name: string) => FilterField | null;
}

export const filterOperators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
export type FilterOperator = (typeof filterOperators)[number];

const ordered: readonly FilterOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'pr'];
const operatorsOf: Readonly<Record<FilterFieldType, readonly FilterOperator[]>> = {
  text: ['eq', 'ne', 'co', 'sw', 'ew', 'pr'],
  exact: ['eq', 'ne', 'sw', 'pr'],
  boolean: ['eq', 'ne', 'pr'],
  number: ordered,
  'iso-time': ordered,
  date: ordered,
  'written-time': ordered,
};

/** @throws PagingError invalid-filter: the resource has no such field */
export function fieldOf(name: string, { fields, more }: FilterFields): FilterField {
  const field = Object.hasOwn(fields, name) ? fields[name] : (more?.(name) ?? null);
  if (field) return field;
  const names = Object.keys(fields).join(', ');
  throw new PagingError('invalid-filter', `This list cannot be filtered by "${name}". Its fields are: ${names}.`);
}

/** @throws PagingError invalid-filter: the operator does not exist, or makes no sense for this type of field */
export function operatorOf(operator: string, name: string, { type }: FilterField): FilterOperator {
  const allowed = operatorsOf[type];
  const known = allowed.find((candidate) => candidate === operator);
  if (known) return known;
  throw new PagingError(
    'invalid-filter',
    `The field "${name}" cannot be compared by "${operator}". Use one of: ${allowed.join(', ')}.`,
  );
}
