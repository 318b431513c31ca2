import type { Document, Filter } from 'mongodb';
import { type Compare, type Filter as ScimFilter, parse } from 'scim2-parse-filter';

import { fieldOf, type FilterField, type FilterFields, type FilterOperator, operatorOf } from './filter-fields.js';
import { PagingError } from './paging.errors.js';
import { QuotedTexts } from './quoted-texts.js';
import { anyForm, anyFormOfKey, type KeyPattern } from './text-pattern.js';

/** Longest filter in characters and most comparisons in one; both keep parser and query cheap (P33). */
export const longestFilter = 1000;
const mostComparisons = 20;

/**
 * Translates a SCIM filter (RFC 7644, 3.4.2.2) to a MongoDB query. The tree of the parser is never passed on: every
 * node is built here from an allow-list of fields and operators, every value is a scalar of the field's type (P35).
 * @throws PagingError invalid-filter
 */
export function translateFilter(text: string, fields: FilterFields): Filter<Document> {
  const { tree, texts } = parseScim(text);
  return translate(tree, { fields, texts, comparisons: mostComparisons });
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

function translate(node: ScimFilter | undefined, translation: Translation): Filter<Document> {
  // Where comparisons stand side by side with a word between them that joins none, the parser leaves parts out.
  if (node === undefined) throw unreadable();
  switch (node.op) {
    case 'and':
    case 'or':
      return { [node.op === 'and' ? '$and' : '$or']: node.filters.map((part) => translate(part, translation)) };
    case 'not':
      return { $nor: [translate(node.filter, translation)] };
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
      return compare(node, translation);
  }
}

function compare(
  node: Exclude<ScimFilter, { op: 'and' | 'or' | 'not' | '[]' }>,
  { fields, texts }: Translation,
): Filter<Document> {
  // The parser takes any word for an operator, so its type cannot be trusted here.
  if (!('attrPath' in node)) throw new PagingError('invalid-filter', 'The filter uses a word that is not an operator.');
  const field = fieldOf(node.attrPath, fields);
  const operator = operatorOf(node.op, node.attrPath, field);
  if (operator === 'pr') return { [field.path]: { $nin: [null, ''] } };
  const { compValue } = node as Compare;
  if (compValue === null) return againstNull(operator, node.attrPath, field);
  return { [field.path]: condition(operator, valueOf(texts.restore(compValue), node.attrPath, field), field) };
}

function againstNull(operator: FilterOperator, name: string, { path }: FilterField): Filter<Document> {
  if (operator === 'eq') return { [path]: { $eq: null } };
  if (operator === 'ne') return { [path]: { $ne: null } };
  throw new PagingError('invalid-filter', `"${name}" can be compared with null by eq and ne only.`);
}

const sameName = { ne: '$ne', gt: '$gt', ge: '$gte', lt: '$lt', le: '$lte' } as const;

function condition(
  operator: Exclude<FilterOperator, 'pr'>,
  value: string | number | boolean | Date,
  { type, isKey }: FilterField,
): Document {
  if (type === 'text' || operator === 'co' || operator === 'sw' || operator === 'ew') {
    return textCondition(operator, formsOf(String(value), isKey), type === 'text' ? 'i' : '');
  }
  if (operator === 'eq') return { $eq: value };
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

function valueOf(
  value: string | number | boolean,
  name: string,
  { type }: FilterField,
): string | number | boolean | Date {
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
