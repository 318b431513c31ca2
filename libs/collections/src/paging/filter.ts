import type { Document, Filter } from 'mongodb';
import { type Compare, type Filter as ScimFilter, parse } from 'scim2-parse-filter';

import {
  type ComparedValue,
  fieldOf,
  type FilterField,
  type FilterFields,
  type FilterOperator,
  operatorOf,
} from './filter-fields.js';
import { PagingError } from './paging.errors.js';
import { QuotedTexts } from './quoted-texts.js';
import { anyForm, anyFormOfKey, type KeyPattern } from './text-pattern.js';

/** Longest filter in characters and most comparisons in one; both keep parser and query cheap (P33). */
export const longestFilter = 1000;
const mostComparisons = 20;

/** A filter as this API understands it: every field and operator is one that the list allows, every value a scalar of its type. */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode }
  | Comparison;

export interface Comparison {
  readonly kind: 'compare';
  readonly name: string;
  readonly field: FilterField;
  readonly operator: FilterOperator;
  /** Null is compared by eq and ne only; `pr` has none. */
  readonly value: ComparedValue | null;
}

/**
 * Reads a SCIM filter (RFC 7644, 3.4.2.2). The tree of the parser is never passed on: every node is built here from an
 * allow-list of fields and operators (P35).
 * @throws PagingError invalid-filter
 */
export function readFilter(text: string, fields: FilterFields): FilterNode {
  const { tree, texts } = parseScim(text);
  return nodeOf(tree, { fields, texts, comparisons: mostComparisons });
}

/** Translates a SCIM filter to a MongoDB query. @throws PagingError invalid-filter */
export function translateFilter(text: string, fields: FilterFields): Filter<Document> {
  return conditionOf(readFilter(text, fields));
}

interface Translation {
  readonly fields: FilterFields;
  readonly texts: QuotedTexts;
  /** How many more are allowed. */
  comparisons: number;
}

function parseScim(text: string): { readonly tree: ScimFilter; readonly texts: QuotedTexts } {
  if (text.length > longestFilter) {
    throw new PagingError(
      'invalid-filter',
      `The filter is longer than ${longestFilter} characters. Ask for less at once.`,
    );
  }
  // The parser's pattern for quoted text backtracks without end over raw line breaks (P37); none belongs there.
  if (/\p{Cc}/u.test(text)) {
    throw new PagingError('invalid-filter', 'The filter holds a line break or another control character. Remove it.');
  }
  const texts = new QuotedTexts();
  try {
    return { tree: parse(texts.take(text)), texts };
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(cause?: unknown): PagingError {
  return new PagingError(
    'invalid-filter',
    'The filter cannot be read. It looks like: active eq true and email ew "@example.com". Put text in double quotes.',
    cause,
  );
}

function nodeOf(node: ScimFilter | undefined, translation: Translation): FilterNode {
  // Where comparisons stand side by side with a word between them that joins none, the parser leaves parts out.
  if (node === undefined) throw unreadable();
  switch (node.op) {
    case 'and':
    case 'or':
      return { kind: node.op, parts: node.filters.map((part) => nodeOf(part, translation)) };
    case 'not':
      return { kind: 'not', part: nodeOf(node.filter, translation) };
    case '[]':
      throw new PagingError(
        'invalid-filter',
        `"${node.attrPath}[…]" is not supported: the lists of this API have no fields with several values.`,
      );
    default:
      translation.comparisons -= 1;
      if (translation.comparisons < 0) {
        throw new PagingError(
          'invalid-filter',
          `The filter has more than ${mostComparisons} comparisons. Ask for less at once.`,
        );
      }
      return comparisonOf(node, translation);
  }
}

function comparisonOf(
  node: Exclude<ScimFilter, { op: 'and' | 'or' | 'not' | '[]' }>,
  { fields, texts }: Translation,
): Comparison {
  // The parser takes any word for an operator, so its type cannot be trusted here.
  if (!('attrPath' in node)) throw new PagingError('invalid-filter', 'The filter uses a word that is not an operator.');
  const name = node.attrPath;
  const field = fieldOf(name, fields);
  const operator = operatorOf(node.op, name, field);
  const of = { kind: 'compare', name, field, operator } as const;
  if (operator === 'pr') return { ...of, value: null };
  const { compValue } = node as Compare;
  if (compValue !== null) return { ...of, value: valueOf(texts.restore(compValue), name, field) };
  if (operator === 'eq' || operator === 'ne') return { ...of, value: null };
  throw new PagingError('invalid-filter', `"${name}" can be compared with null by eq and ne only.`);
}

/**
 * The MongoDB query of a filter.
 * @param isFolded whether it is asked with a collation that knows no case: ids, which have one, are then compared as patterns
 */
export function conditionOf(node: FilterNode, isFolded = false): Filter<Document> {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { [node.kind === 'and' ? '$and' : '$or']: node.parts.map((part) => conditionOf(part, isFolded)) };
    case 'not':
      return { $nor: [conditionOf(node.part, isFolded)] };
    case 'compare':
      return compared(node, isFolded);
  }
}

function compared({ field, operator, value }: Comparison, isFolded: boolean): Filter<Document> {
  if (operator === 'pr') return { [field.path]: { $nin: [null, ''] } };
  if (value === null) return { [field.path]: operator === 'eq' ? { $eq: null } : { $ne: null } };
  if (field.type === 'written-time') return writtenTime(operator, value as Date, field.path);
  return { [field.path]: condition(operator, value, field, isFolded) };
}

const sameName = { eq: '$eq', ne: '$ne', gt: '$gt', ge: '$gte', lt: '$lt', le: '$lte' } as const;

/** Times that are stored as somebody wrote them, with an offset or without a time of day, are read before they are compared. */
function writtenTime(operator: FilterOperator, value: Date, path: string): Filter<Document> {
  const text = { $cond: [{ $eq: [{ $type: `$${path}` }, 'string'] }, `$${path}`, null] };
  const time = { $dateFromString: { dateString: text, onError: null, onNull: null } };
  const name = sameName[operator as keyof typeof sameName];
  return { $expr: { $and: [{ $ne: [time, null] }, { [name]: [time, value] }] } };
}

function condition(
  operator: Exclude<FilterOperator, 'pr'>,
  value: ComparedValue,
  { type, isKey }: FilterField,
  isFolded: boolean,
): Document {
  const isPattern = operator === 'co' || operator === 'sw' || operator === 'ew' || (isFolded && type === 'exact');
  if (type === 'text' || isPattern) {
    return textCondition(operator, formsOf(String(value), isKey), type === 'text' ? 'i' : '');
  }
  return { [sameName[operator]]: value };
}

function formsOf(text: string, isKey = false): KeyPattern {
  return isKey ? anyFormOfKey(text) : { pattern: anyForm(text), margin: '' };
}

/** The value is matched as it stands: every character that means something in a pattern is escaped. */
function textCondition(operator: FilterOperator, { pattern: text, margin }: KeyPattern, flags: string): Document {
  switch (operator) {
    case 'ne':
      return { $not: new RegExp(`^${margin}${text}${margin}$`, flags) };
    case 'co':
      return { $regex: new RegExp(text, flags) };
    case 'sw':
      return { $regex: new RegExp(`^${margin}${text}`, flags) };
    case 'ew':
      return { $regex: new RegExp(`${text}${margin}$`, flags) };
    default:
      return { $regex: new RegExp(`^${margin}${text}${margin}$`, flags) };
  }
}

/** A condition for "one of these fields contains this text", for search boxes. Same case and escaping rules as `co`. */
export function containsText(paths: readonly string[], text: string, keys: readonly string[] = []): Filter<Document> {
  const contains = (isKey: boolean) => textCondition('co', formsOf(text, isKey), 'i');
  return {
    $or: [...paths.map((path) => ({ [path]: contains(false) })), ...keys.map((path) => ({ [path]: contains(true) }))],
  };
}

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

function valueOf(value: string | number | boolean, name: string, { type }: FilterField): ComparedValue {
  switch (type) {
    case 'text':
    case 'exact':
      if (typeof value === 'string') return value;
      throw wrongValue(name, 'text in double quotes');
    case 'number':
      if (typeof value === 'number') return value;
      throw wrongValue(name, 'a number');
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw wrongValue(name, 'true or false');
    case 'iso-time':
      return timeOf(value, name).toISOString();
    case 'date':
    case 'written-time':
      return timeOf(value, name);
  }
}

function timeOf(value: string | number | boolean, name: string): Date {
  const time = typeof value === 'string' && timePattern.test(value) ? new Date(value) : null;
  if (time === null || Number.isNaN(time.getTime())) throw wrongValue(name, 'a time like "2026-11-21T08:00:00Z"');
  return time;
}

function wrongValue(name: string, expected: string): PagingError {
  return new PagingError('invalid-filter', `"${name}" is compared with ${expected}.`);
}
