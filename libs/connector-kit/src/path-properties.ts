import { type MappingDefinition } from '@rollcall/contracts';

import { parsePath } from './record-path.js';

/**
 * Top-level properties of a vendor's record that a mapping names by path: of its entries, what stands in for them, and its
 * custom fields (R76). Sorted, each once.
 */
export function pathProperties({
  entries,
  customFields = [],
}: Pick<MappingDefinition, 'entries' | 'customFields'>): string[] {
  const paths = [
    ...entries.flatMap(({ from }) => (from.kind === 'field' ? [from.path, from.fallbackPath] : [])),
    ...customFields.map(({ path }) => path),
  ];
  return [...new Set(paths.flatMap((path) => (path === undefined ? [] : parsePath(path).slice(0, 1))))].sort();
}
