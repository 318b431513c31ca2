import { type PeopleField, textLimits, type Value, type Values } from '@rollcall/contracts';

import { unknownField, valueNotAllowed } from './edits.errors.js';

/**
 * Values that a person types, held against the fields that they are for. Stricter than what vendors send: nothing is
 * converted, and a required field cannot be emptied.
 * @throws AppError unknown-field, value-not-allowed
 */
export function checkOverrides(fields: readonly PeopleField[], set: Values, clear: readonly string[]): Values {
  const known = new Map(fields.map((field) => [field.variable, field]));
  for (const variable of [...Object.keys(set), ...clear]) if (!known.has(variable)) throw unknownField(variable);
  for (const [variable, value] of Object.entries(set)) {
    const field = known.get(variable)!;
    const fault = faultOf(field, value);
    if (fault !== null) throw valueNotAllowed(field.label, fault);
  }
  return set;
}

type Check = (value: Value) => string | null;

const text =
  (limit: number): Check =>
  (value) => {
    if (typeof value !== 'string') return 'it must be text';
    return value.length > limit ? `it has ${value.length} characters, ${limit} are allowed` : null;
  };
const unless =
  (isRight: (value: Value) => boolean, fault: string): Check =>
  (value) =>
    isRight(value) ? null : fault;

const checks: Readonly<Record<PeopleField['type'], Check>> = {
  'short-text': text(textLimits['short-text']),
  'long-text': text(textLimits['long-text']),
  'date-time': unless(
    (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    'it must be a date, like 2026-01-31T12:00:00Z',
  ),
  number: unless((value) => typeof value === 'number' && Number.isFinite(value), 'it must be a number'),
  boolean: unless((value) => typeof value === 'boolean', 'it must be true or false'),
};

function faultOf(field: PeopleField, value: Value): string | null {
  if (value !== null && value !== '') return checks[field.type](value);
  return field.required ? 'the field is required and cannot be empty' : null;
}
