import { MongoServerError } from 'mongodb';

const DUPLICATE_KEY = 11000;

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * The text value of `field` that a unique index refused, or null. Bulk writes carry it in the server's sentence only
 * (`… dup key: { field: "value" }`, value unescaped), single writes in `keyValue` too.
 */
export function duplicateValueOf(error: unknown, field: string): string | null {
  if (!isDuplicateKey(error)) return null;
  const { message } = error as MongoServerError;
  const start = `dup key: { ${field}: "`;
  const from = message.indexOf(start);
  const to = message.lastIndexOf('" }');
  return from >= 0 && to >= from + start.length ? message.slice(from + start.length, to) : null;
}
