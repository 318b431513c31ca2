/** Is the value nested deeper than `limit` objects or lists? Looks no deeper than that, so depth costs nothing (P33). */
export function depthExceeds(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  return Object.values(value).some((inner) => depthExceeds(inner, limit - 1));
}

/**
 * Paths of names that `given` has and `parsed` has not: what a schema dropped without a word. Own names only, so that
 * `__proto__` as sent in JSON counts as a name like any other (P36).
 */
export function unknownKeys(given: unknown, parsed: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof given !== 'object' || given === null || typeof parsed !== 'object' || parsed === null) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const here = [...path, name];
    if (!Object.hasOwn(parsed, name)) return [here];
    return unknownKeys(value, (parsed as Record<string, unknown>)[name], here);
  });
}

/** Half characters and NUL: UTF-8 or the database cannot hold them, so what is stored would not be what was sent. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Paths of texts, and of names, that cannot be stored as they are; at most `most` of them. */
export function unstorableTexts(value: unknown, most: number, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof value === 'string') return isStorable(value) ? [] : [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  const found: PropertyKey[][] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (found.length >= most) break;
    if (isStorable(name)) found.push(...unstorableTexts(inner, most - found.length, [...path, name]));
    else found.push([...path]);
  }
  return found;
}
