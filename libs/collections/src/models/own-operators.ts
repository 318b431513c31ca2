import type { Query, Schema } from 'mongoose';

import { mongoose } from './mongoose.js';
import { RefusedDocumentError } from './refused-document.js';

/** Marks an operator of a filter as written by our code; every other one is refused. */
export const trusted = <Condition>(condition: Condition): Condition =>
  mongoose.trusted(condition as object) as Condition;

/** The same for a whole filter that our code built, deep inside `$and` and `$or` too. */
export function trustedFilter<Filter extends object>(filter: Filter): Filter {
  for (const [key, value] of Object.entries(filter)) {
    if (Array.isArray(value) && isOperatorName(key)) value.forEach(trustedFilter);
    else if (hasOperators(value)) trusted(value);
  }
  return filter;
}

/**
 * Makes a schema refuse filters with operators that are not marked. `sanitizeFilter` alone compares them as values, which
 * would also hide it when our own code forgets to mark one.
 */
export function refuseStrangeOperators(schema: Schema, collection: string): void {
  schema.pre(/^(find|count|distinct|update|replace|delete)/, function refuseStrange(this: unknown) {
    if (!(this instanceof mongoose.Query)) return;
    const path = strangeOperator((this as Query<unknown, unknown>).getFilter());
    if (path !== null) {
      throw new RefusedDocumentError(collection, [
        `"${path.slice(0, 100)}" is compared by an operator that is not ours`,
      ]);
    }
  } as never);
}

const [mark] = Object.getOwnPropertySymbols(mongoose.trusted({ $eq: null }));

function strangeOperator(filter: object): string | null {
  for (const [key, value] of Object.entries(filter)) {
    if (isTrusted(value)) continue;
    if (isOperatorName(key) && !Array.isArray(value)) return key;
    if (hasOperators(value)) return key;
    for (const part of isOperatorName(key) ? (value as object[]) : []) {
      const path = strangeOperator(part);
      if (path !== null) return path;
    }
  }
  return null;
}

const isTrusted = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[mark!] === true;

const isOperatorName = (name: string): boolean => name.startsWith('$');

/** `$eq` alone is no operator: what it holds is compared as it is. */
function hasOperators(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value);
  return names.some(isOperatorName) && !(names.length === 1 && names[0] === '$eq');
}
