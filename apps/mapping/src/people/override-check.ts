import {
  hasVisibleCharacter,
  isEmailField,
  type PeopleField,
  textLimits,
  type Value,
  type Values,
} from '@rollcall/contracts';

import { convert } from '../fields/convert-value.js';
import { unknownField } from '../fields/fields.errors.js';
import { keyFieldOf, keyOf } from './keys.js';
import { valueNotAllowed } from './people.errors.js';

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

const wanted: Readonly<Record<PeopleField['type'], string>> = {
  'short-text': 'it must be text',
  'long-text': 'it must be text',
  email: 'it must be an e-mail address',
  'date-time': 'it must be a date, like 2026-01-31 or 2026-01-31T12:00:00Z',
  number: 'it must be a number',
  boolean: 'it must be true or false',
};

const typeOfValue: Readonly<Record<PeopleField['type'], string>> = {
  'short-text': 'string',
  'long-text': 'string',
  email: 'string',
  'date-time': 'string',
  number: 'number',
  boolean: 'boolean',
};

function faultOf(field: PeopleField, value: Value): string | null {
  if (value === null || value === '') return field.required ? 'the field is required and cannot be empty' : null;
  if (typeof value !== typeOfValue[field.type]) return wanted[field.type];
  if (typeof value === 'string' && !hasVisibleCharacter(value)) return 'it has no visible character; empty is null';
  return convertFault(field, value) ?? keyFault(field, value);
}

function convertFault(field: PeopleField, value: Value): string | null {
  const converted = convert(value, field);
  // A date that means never is no value: whoever wants none says null.
  if (converted === null) return wanted[field.type];
  if (typeof converted !== 'object') return null;
  if (converted.code === 'value-of-wrong-type') return wanted[field.type];
  const limit = textLimits[field.type as keyof typeof textLimits];
  return `it has ${String(value).length} characters, ${limit} are allowed`;
}

/** A value by which nobody could be told apart: nobody types it on purpose. */
function keyFault(field: PeopleField, value: Value): string | null {
  if (!isEmailField(field) && !field.unique) return null;
  if (keyOf(keyFieldOf(field), value) !== null) return null;
  return isEmailField(field) ? wanted.email : 'it must be unique, and this could be anybody\u2019s';
}
