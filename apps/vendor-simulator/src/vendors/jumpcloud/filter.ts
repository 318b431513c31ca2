import type { Account, Attributes } from '../../company/account.js';
import { attributesOf } from '../../company/directory.js';

export type Predicate = (account: Account) => boolean;

/** A filter that the vendor would not take; the text goes into the 400 reply. */
export class FilterError extends Error {}

type Compare = (actual: unknown, wanted: string) => boolean;

const compareOrder = (actual: unknown, wanted: string): number => {
  const [left, right] = typeof actual === 'number' ? [actual, Number(wanted)] : [String(actual), wanted];
  return left < right ? -1 : Number(left > right);
};
const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** Documented with the `$`; many clients send them without it. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  $eq: (actual, wanted) => isSet(actual) && String(actual) === wanted,
  $ne: (actual, wanted) => !isSet(actual) || String(actual) !== wanted,
  $gt: (actual, wanted) => isSet(actual) && compareOrder(actual, wanted) > 0,
  $gte: (actual, wanted) => isSet(actual) && compareOrder(actual, wanted) >= 0,
  $lt: (actual, wanted) => isSet(actual) && compareOrder(actual, wanted) < 0,
  $lte: (actual, wanted) => isSet(actual) && compareOrder(actual, wanted) <= 0,
};

/** Looked up without parsing the record: single users are read by these. */
const FACTS: Readonly<Record<string, (account: Account) => string>> = {
  email: (account) => account.email,
  username: (account) => account.username,
  _id: (account) => account.id,
};

/**
 * `filter=f:$op:v`, `filter[0]=…&filter[1]=…` (and), `filter[and][0]=…`, `filter[or][0]=…`; values are case-sensitive.
 * Null when there is no filter. Throws FilterError.
 */
export function parseQueryFilter(query: URLSearchParams): Predicate | null {
  const all: Predicate[] = [];
  const any: Predicate[] = [];
  for (const [key, value] of query) {
    if (!/^filter(\[|$)/.test(key)) continue;
    (key.startsWith('filter[or]') ? any : all).push(parseClause(value));
  }
  if (any.length > 0) all.push((account) => any.some((one) => one(account)));
  return all.length > 0 ? (account) => all.every((one) => one(account)) : null;
}

/** The body form: `[{field: value}]`, `{field: value}`, `{and: […]}`, `{or: […]}`; a value may hold operators. */
export function parseBodyFilter(filter: unknown): Predicate | null {
  if (filter === undefined || filter === null) return null;
  if (Array.isArray(filter)) return every(filter.map(parseBodyFilter));
  if (typeof filter !== 'object') throw new FilterError('filter must be an object or a list');
  const clauses = Object.entries(filter).map(([field, wanted]): Predicate | null => {
    if (field === 'and' || field === '$and') return every(listOf(wanted).map(parseBodyFilter));
    if (field === 'or' || field === '$or') {
      const parts = listOf(wanted).map(parseBodyFilter);
      return (account) => parts.some((one) => one === null || one(account));
    }
    return every(bodyClauses(field, wanted));
  });
  return every(clauses);
}

function bodyClauses(field: string, wanted: unknown): Predicate[] {
  if (typeof wanted !== 'object' || wanted === null) return [clause(field, '$eq', String(wanted))];
  return Object.entries(wanted).map(([operator, value]) => clause(field, operator, String(value)));
}

/** `searchTerm` anywhere in one of the fields, whatever its case; several terms: any of them. */
export function searchPredicate(terms: readonly string[], fields: readonly string[]): Predicate {
  const wanted = terms.map((term) => term.toLowerCase());
  return (account) => {
    const attributes = attributesOf(account);
    return fields.some((field) => {
      const text = String(valueAt(attributes, field) ?? '').toLowerCase();
      return wanted.some((term) => text.includes(term));
    });
  };
}

export function valueAt(attributes: Attributes, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Attributes)[key] : undefined),
      attributes,
    );
}

function parseClause(text: string): Predicate {
  const match = /^([^:]+):([^:]+):(.*)$/s.exec(text);
  if (!match) throw new FilterError(`filter "${text}" is not <field>:<operator>:<value>`);
  const [, field = '', operator = '', value = ''] = match;
  return clause(field, operator, value);
}

function clause(field: string, operator: string, wanted: string): Predicate {
  const name = operator.startsWith('$') ? operator : `$${operator}`;
  const compare = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!compare) throw new FilterError(`filter operator "${operator}" is unknown`);
  const fact = Object.hasOwn(FACTS, field) ? FACTS[field] : undefined;
  if (fact) return (account) => compare(fact(account), wanted);
  return (account) => compare(valueAt(attributesOf(account), field), wanted);
}

function every(parts: readonly (Predicate | null)[]): Predicate {
  return (account) => parts.every((one) => one === null || one(account));
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new FilterError('"and" and "or" take a list');
  return value;
}
