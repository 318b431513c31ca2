import jsonata from 'jsonata';

import { longestText } from './limits.js';
import { isAllowedPicture, type PictureFunction, pictureRefusal } from './pictures.js';
import { ValueFailure } from './value-failure.js';

type Implementation = (this: unknown, ...given: unknown[]) => unknown;

const original = {
  toMillis: await implementationOf('toMillis'),
  fromMillis: await implementationOf('fromMillis'),
  formatNumber: await implementationOf('formatNumber'),
  formatInteger: await implementationOf('formatInteger'),
  parseInteger: await implementationOf('parseInteger'),
  sort: await implementationOf('sort'),
  distinct: await implementationOf('distinct'),
};

/** The engine tells of a function of its own when it is asked for it as a value. */
async function implementationOf(name: string): Promise<Implementation> {
  const found = (await jsonata(`$${name}`).evaluate(null)) as { readonly implementation: Implementation };
  return found.implementation;
}

/** Longest text that is read as a date or a number. */
const longestRead = 200;
/** First and last moment that a Date can hold. */
const lastMillis = 8.64e15;
/** Letters and words of larger numbers are made one by one, Roman ones by a call for each thousand. */
const largestInteger = 1e15;
const largestRoman = 10_000;
/** Comparisons of lists and objects with each other. */
const mostComparisons = 20_000;

/**
 * Puts bounds around the engine's own functions that count no step but loop, compare or build as long as a value or a
 * picture tells them to. The names of their parameters are read by the engine.
 */
export function boundFunctions(expression: jsonata.Expression): void {
  const add = (name: string, implementation: (this: never, ...given: never[]) => unknown, signature: string) =>
    expression.registerFunction(name, implementation as never, signature);
  add('toMillis', toMillis, '<s-s?:n>');
  add('fromMillis', fromMillis, '<n-s?s?:s>');
  add('formatNumber', formatNumber, '<n-so?:s>');
  add('formatInteger', formatInteger, '<n-s:s>');
  add('parseInteger', parseInteger, '<s-s:n>');
  add('join', join, '<a<s>s?:s>');
  add('sort', sort, '<af?:a>');
  add('distinct', distinct, '<x:x>');
  add('error', error, '<s?:x>');
  add('assert', assert, '<bs?:x>');
}

function toMillis(this: unknown, timestamp?: string, picture?: string) {
  checkPicture('toMillis', picture);
  checkRead(timestamp);
  return original.toMillis.call(this, timestamp, picture);
}

function fromMillis(this: unknown, millis?: number, picture?: string, timezone?: string) {
  checkPicture('fromMillis', picture);
  checkNumber(millis, lastMillis);
  if (timezone !== undefined && !/^[+-]\d{4}$/.test(timezone)) {
    throw new ValueFailure('$fromMillis takes an offset such as "+0200".');
  }
  return original.fromMillis.call(this, millis, picture, timezone);
}

function formatNumber(this: unknown, value?: number, picture?: string, options?: unknown) {
  checkPicture('formatNumber', picture);
  checkNumber(value, Number.MAX_VALUE);
  if (options !== undefined) throw new ValueFailure('$formatNumber takes no options here.');
  return original.formatNumber.call(this, value, picture);
}

function formatInteger(this: unknown, value?: number, picture?: string) {
  checkPicture('formatInteger', picture);
  checkNumber(value, picture?.toLowerCase().startsWith('i') ? largestRoman : largestInteger);
  return original.formatInteger.call(this, value, picture);
}

function parseInteger(this: unknown, text?: string, picture?: string) {
  checkPicture('parseInteger', picture);
  checkRead(text);
  return original.parseInteger.call(this, text, picture);
}

function join(strs?: readonly string[], separator?: string) {
  if (strs === undefined) return undefined;
  const between = separator ?? '';
  let length = 0;
  for (const text of strs) {
    length += text.length + between.length;
    if (length - between.length > longestText) {
      throw new ValueFailure(`The expression made a text of more than ${longestText} characters.`);
    }
  }
  return strs.join(between);
}

/** The engine copies what is left of the list at every comparison. */
function sort(this: unknown, arr?: readonly unknown[], comparator?: unknown) {
  if (arr === undefined || comparator !== undefined || !isOfOneType(arr))
    return original.sort.call(this, arr, comparator);
  return [...(arr as string[])].sort((a, b) => (a > b ? 1 : a < b ? -1 : 0));
}

function isOfOneType(values: readonly unknown[]): boolean {
  const type = typeof values[0];
  return (type === 'string' || type === 'number') && values.every((value) => typeof value === type);
}

/** The engine compares each with each. */
function distinct(this: unknown, arr?: unknown) {
  if (!Array.isArray(arr)) return arr;
  const kept = [...new Set<unknown>(arr)];
  const compared = kept.filter((value) => typeof value === 'object' && value !== null).length;
  if (compared * compared > mostComparisons) {
    throw new ValueFailure('$distinct was given too many lists or objects.');
  }
  if (compared > 0) return original.distinct.call(this, arr);
  return Object.assign(kept, (arr as { sequence?: true }).sequence && { sequence: true });
}

/** Its message is the expression's own, which can hold a whole record. */
function error(_message?: string) {
  throw new ValueFailure('The expression ended with $error.');
}

function assert(condition?: boolean, _message?: string) {
  if (!condition) throw new ValueFailure('The expression ended with $assert.');
  return undefined;
}

function checkPicture(name: PictureFunction, picture: string | undefined): void {
  if (picture !== undefined && !isAllowedPicture(name, picture)) throw new ValueFailure(pictureRefusal(name));
}

function checkRead(text: string | undefined): void {
  if (text !== undefined && text.length > longestRead) {
    throw new ValueFailure(`A text of more than ${longestRead} characters is neither a date nor a number.`);
  }
}

function checkNumber(value: number | undefined, largest: number): void {
  if (value !== undefined && !(Math.abs(value) <= largest))
    throw new ValueFailure('A number is too large to be written.');
}
