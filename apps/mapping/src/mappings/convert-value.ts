import { type PeopleField, textLimits, type Value } from '@rollcall/contracts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A vendor value as a value of the field's type. Text is stored unchanged; empty text is no value. */
export function convert(value: unknown, field: PeopleField): Value | Refusal {
  if (value === null || value === undefined || value === '') return null;
  switch (field.type) {
    case 'short-text':
    case 'long-text':
      return convertText(value, field, textLimits[field.type]);
    case 'date-time':
      return convertText(value, field, textLimits['short-text']);
    case 'number':
      return convertNumber(value, field);
    case 'boolean':
      return typeof value === 'boolean' ? value : wrongType(field, 'true or false');
  }
}

function convertText(value: unknown, field: PeopleField, limit: number): Value | Refusal {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return wrongType(field, 'text');
  }
  const text = String(value);
  if (text.length <= limit) return text;
  return {
    code: 'value-too-long',
    message: `The value for ${field.label} has ${text.length} characters, ${limit} are allowed. Shorten it at the vendor or map it to a longer field.`,
  };
}

function convertNumber(value: unknown, field: PeopleField): Value | Refusal {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : wrongType(field, 'a number');
}

function wrongType(field: PeopleField, wanted: string): Refusal {
  return {
    code: 'value-of-wrong-type',
    message: `The vendor's value for ${field.label} is not ${wanted}. Change the field's type or map another vendor field.`,
  };
}
