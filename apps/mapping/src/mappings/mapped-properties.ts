import { pathProperties } from '@rollcall/connector-kit';
import type { MappingDefinition } from '@rollcall/contracts';

import { propertiesInExpression } from '../expressions/expression-properties.js';

/**
 * Top-level properties of the vendor's record that a mapping reads: by path, in expressions, in its rule, and those that it
 * lists as custom fields (R76). A vendor that answers only what is asked for by name is asked for these.
 */
export function mappedProperties(definition: MappingDefinition): string[] {
  const { entries, rules } = definition;
  const texts = [
    ...entries.flatMap(({ from }) => (from.kind === 'expression' ? [from.expression] : [])),
    ...(rules?.onlyIf ? [rules.onlyIf.expression] : []),
  ];
  return [...new Set([...pathProperties(definition), ...texts.flatMap(propertiesInExpression)])].sort();
}
