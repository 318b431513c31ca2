import { isNeverDate, parseVendorDate } from '@rollcall/connector-kit';
import { hasVisibleCharacter, type PeopleField, textLimits, type Value, wellFormed } from '@rollcall/contracts';

/** What a transformation gives for a value that says that there is none. It differs from a value that is not there. */
export const noValue = Symbol('no value');

/** Why a value cannot be stored, without the value. */
export interface Refusal {
  readonly code: 'value-too-long' | 'value-of-wrong-type';
  readonly message: string;
}

/**
 * A value of any origin (a vendor's record, a constant, an expression, a person) as a value of the field's type. Text is
 * stored unchanged; text without a visible character, and a date that means never, are no value.
 */
export function convert(value: unknown, field: PeopleField): Value | Refusal {
  return isNone(value) ? null : converters[field.type](value, field);
}

function isNone(value: unknown): boolean {
  if (typeof value === 'string') return !hasVisibleCharacter(value);
  return value === null || value === undefined || value === noValue;
}

const converters: Readonly<Record<PeopleField['type'], (value: unknown, field: PeopleField) => Value | Refusal>> = {
  'short-text': (value, field) => convertText(value, field, textLimits['short-text']),
  'long-text': (value, field) => convertText(value, field, textLimits['long-text']),
  email: (value, field) => convertText(value, field, textLimits.email),
  'date-time': convertDate,
  number: convertNumber,
  boolean: convertBoolean,
};

function convertText(value: unknown, field: PeopleField, limit: number): Value | Refusal {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return wrongType('text');
  }
  // An expression can cut a character in two.
  const text = wellFormed(String(value));
  if (text.length <= limit) return text;
  return {
    code: 'value-too-long',
    message: `The value for ${field.label} has ${text.length} characters, ${limit} are allowed. Shorten it at the vendor or map it to a longer field.`,
  };
}

const day = /^\d{4}-\d\d-\d\d$/;

/** A day, or a moment with its offset; other forms are read by the date step of a mapping. */
function convertDate(value: unknown): Value | Refusal {
  const form = { format: typeof value === 'string' && day.test(value) ? 'yyyy-mm-dd' : 'iso' } as const;
  if (typeof value === 'string' && parseVendorDate(value, form) !== null) return value;
  if (isNeverDate(value, form)) return null;
  return wrongType('a date, like 2026-01-31 or 2026-01-31T12:00:00Z; other forms need a date step in the mapping');
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

function convertNumber(value: unknown): Value | Refusal {
  const number = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value;
  const isNumber = typeof number === 'number' && Number.isFinite(number);
  // More digits than are kept would be another number.
  if (!isNumber || (Number.isInteger(number) && !Number.isSafeInteger(number))) return wrongType('a number');
  return number;
}

function convertBoolean(value: unknown): Value | Refusal {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  return wrongType('true or false');
}

function wrongType(wanted: string): Refusal {
  return { code: 'value-of-wrong-type', message: `The value is not ${wanted}.` };
}
