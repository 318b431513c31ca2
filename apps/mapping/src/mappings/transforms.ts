import { isNeverDate, parseVendorDate } from '@rollcall/connector-kit';
import { hasVisibleCharacter, type Transform } from '@rollcall/contracts';

import { ValueFailure } from '../expressions/value-failure.js';
import { noValue } from '../fields/convert-value.js';

/** Runs the steps in their order; an absent value stays absent, whatever follows. @throws ValueFailure */
export function transformed(value: unknown, transforms: readonly Transform[]): unknown {
  let result = value;
  for (const transform of transforms) {
    if (result === undefined || result === null || result === '' || result === noValue) return result;
    result = steps[transform.kind](result, transform as never);
  }
  return result;
}

type Step<Kind extends Transform['kind']> = (value: unknown, transform: Extract<Transform, { kind: Kind }>) => unknown;

const steps: { readonly [Kind in Transform['kind']]: Step<Kind> } = {
  trim: (value) => textOf(value, 'trim').trim(),
  lower: (value) => textOf(value, 'lower').toLowerCase(),
  upper: (value) => textOf(value, 'upper').toUpperCase(),
  date: (value, { format, zone }) => {
    const form = { format, ...(zone === undefined ? {} : { zone }) };
    const date = parseVendorDate(value, form);
    // "Does not expire" is no mistake: a date that was there before must not outlive it.
    if (date === null && isNeverDate(value, form)) return noValue;
    if (date === null) throw new ValueFailure(`The value is not a date of the form "${format}".`);
    return date;
  },
  join: (value, { separator }) => {
    if (!Array.isArray(value)) throw new ValueFailure('There is no list to join.');
    return value.map((part) => textOf(part, 'join')).join(separator);
  },
  split: (value, { separator, index }) => textOf(value, 'split').split(separator).at(index) ?? null,
  lookup: (value, { table, otherwise }) => {
    const word = textOf(value, 'lookup');
    if (Object.hasOwn(table, word)) return table[word];
    // Nothing to look up is no mistake of the table.
    if (!hasVisibleCharacter(word)) return noValue;
    if (otherwise === 'fail') throw new ValueFailure('The value is not in the lookup table.');
    return otherwise === 'keep' ? value : null;
  },
};

function textOf(value: unknown, step: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ValueFailure(`"${step}" takes text, and the value is ${Array.isArray(value) ? 'a list' : 'an object'}.`);
}
