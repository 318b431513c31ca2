import { parsePath, PathError } from '@rollcall/connector-kit';
import {
  hasVisibleCharacter,
  isTimeZone,
  type MappingDefinition,
  type MappingSource,
  type PeopleField,
} from '@rollcall/contracts';

import { checkExpression, ExpressionError } from '../expressions/expression-check.js';
import { convert } from '../fields/convert-value.js';

/** What everybody gets who is new, chosen once for all of an integration (R73). */
const constantOnly = 'role';

/**
 * Everything that is wrong with a definition, in sentences, so that it is mended in one go; empty when it may be saved
 * (R71 to R75).
 */
export function definitionFaults(definition: MappingDefinition, fields: readonly PeopleField[]): string[] {
  const known = new Map(fields.map((field) => [field.variable, field]));
  return [
    ...definition.entries.flatMap(({ to, from }) => entryFaults(to, from, known.get(to))),
    ...repeated(definition.entries.map(({ to }) => to)).map((to) => `"${to}" is mapped twice. Keep one of the two.`),
    ...missingFields(definition, fields),
    ...definition.syncKeys.flatMap((key) => syncKeyFaults(key, definition, known.get(key))),
    ...repeated(definition.syncKeys).map((key) => `"${key}" is a sync key twice.`),
    ...ruleFaults(definition),
    ...(definition.customFields ?? []).flatMap(({ path }) => faultIn(() => parsePath(path))),
  ];
}

function entryFaults(to: string, from: MappingSource, field: PeopleField | undefined): string[] {
  if (field === undefined) return [`There is no people field "${to}". Create it, or map to another one.`];
  const { label } = field;
  if (to === constantOnly && (from.kind !== 'constant' || !hasVisibleCharacter(from.value))) {
    return [`${label} takes a constant, the same for everybody of this integration (for example "Employee").`];
  }
  if (field.unique && from.kind === 'constant') {
    return [`${label} is unique, so it cannot be the same constant for everybody. Map a value of the vendor.`];
  }
  return [...sourceFaults(from), ...constantFaults(from, field)].map((fault) => `${label}: ${fault}`);
}

const emptyConstant =
  'the constant holds no value, and the field is required, so every user would be rejected. Enter a value that shows.';

/** What would fail for everybody is said when it is saved. */
function constantFaults(from: MappingSource, field: PeopleField): string[] {
  if (from.kind !== 'constant') return [];
  const value = convert(from.value, field);
  if (value === null && field.required) return [emptyConstant];
  return typeof value === 'object' && value !== null ? [`the constant does not fit. ${value.message}`] : [];
}

function sourceFaults(from: MappingSource): string[] {
  if (from.kind === 'constant' || from.kind === 'tracking') return [];
  const zones = (from.transforms ?? []).flatMap((one) => (one.kind === 'date' && one.zone ? [one.zone] : []));
  return [
    ...(from.kind === 'field'
      ? pathsOf(from).flatMap((path) => faultIn(() => parsePath(path)))
      : faultIn(() => checkExpression(from.expression))),
    ...zones
      .filter((zone) => !isTimeZone(zone))
      .map((zone) => `"${zone}" is not a time zone. Write it like Europe/Berlin.`),
  ];
}

function pathsOf({ path, fallbackPath }: Extract<MappingSource, { kind: 'field' }>): string[] {
  return fallbackPath === undefined ? [path] : [path, fallbackPath];
}

function missingFields({ entries }: MappingDefinition, fields: readonly PeopleField[]): string[] {
  const mapped = new Set(entries.map(({ to }) => to));
  const missing = fields.filter(({ variable, required }) => required && !mapped.has(variable));
  return missing.map(({ label }) => `${label} is required and not mapped. Map it.`);
}

function syncKeyFaults(key: string, { entries }: MappingDefinition, field: PeopleField | undefined): string[] {
  if (field === undefined) return [`The sync key "${key}" is not a people field.`];
  if (!field.unique)
    return [`${field.label} is not unique, so it cannot find a person. Choose a unique field, such as Email.`];
  const source = entries.find(({ to }) => to === key)?.from.kind;
  if (source === 'field' || source === 'expression') return [];
  return [`The sync key ${field.label} is not mapped to a value of the vendor. Map it, or take another key.`];
}

function ruleFaults({ rules }: MappingDefinition): string[] {
  const onlyIf = rules?.onlyIf ?? null;
  if (onlyIf === null) return [];
  return faultIn(() => checkExpression(onlyIf.expression)).map((fault) => `The rule "${onlyIf.name}": ${fault}`);
}

function faultIn(attempt: () => unknown): string[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof PathError || error instanceof ExpressionError) return [error.message];
    throw error;
  }
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
