import type { Values } from '@rollcall/contracts';

/**
 * Key of a unique value, as stored in `people.keys` and compared: trimmed, NFKC, lower case; empty is no key (D4).
 */
export function keyOf(field: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value).normalize('NFKC').trim().toLowerCase();
  return text === '' ? null : `${field}:${text}`;
}

/** Field → key for those of `fields` that have a value. */
export function keysOf(values: Values, fields: readonly string[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const field of fields) {
    const key = keyOf(field, values[field]);
    if (key !== null) keys.set(field, key);
  }
  return keys;
}
