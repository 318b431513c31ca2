import { deepest, longestList, longestText, mostCharacters, mostValues } from './limits.js';
import { ValueFailure } from './value-failure.js';

/** What a value holds, counted as often as it is referred to: a short expression refers to one list a million times. */
interface Size {
  values: number;
  characters: number;
}

/** @throws ValueFailure for a value that is too large or too deep to go on with; functions count as one value */
export function checkSize(value: unknown): void {
  if (typeof value === 'string' || (typeof value === 'object' && value !== null)) {
    measure(value, 0, { values: 0, characters: 0 });
  }
}

function measure(value: unknown, depth: number, size: Size): void {
  count(value, size);
  if (typeof value !== 'object' || value === null || isFunction(value)) return;
  checkDepth(depth);
  if (Array.isArray(value)) {
    checkList(value);
    for (const one of value) measure(one, depth + 1, size);
    return;
  }
  for (const key of Object.keys(value)) {
    size.characters += key.length;
    measure((value as Record<string, unknown>)[key], depth + 1, size);
  }
}

/**
 * A result as plain values that can be sent to another process.
 * @returns the copy, and how many characters it holds
 * @throws ValueFailure for a result that is or holds a function, or is too large, too deep, circular or no finite number
 */
export function plainResult(result: unknown): { value: unknown; characters: number } {
  const size = { values: 0, characters: 0 };
  return { value: copied(result, 0, size), characters: size.characters + size.values };
}

function copied(value: unknown, depth: number, size: Size): unknown {
  count(value, size);
  if (typeof value === 'function' || isFunction(value))
    throw new ValueFailure('The result is a function, not a value.');
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new ValueFailure('The result is not a finite number.');
  if (typeof value !== 'object' || value === null) return value;
  checkDepth(depth);
  if (Array.isArray(value)) {
    checkList(value);
    // Sequences of the engine carry marks of their own, which are not taken over.
    return Array.from(value as unknown[], (one) => copied(one, depth + 1, size));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      size.characters += key.length;
      return [key, copied(one, depth + 1, size)];
    }),
  );
}

function count(value: unknown, size: Size): void {
  size.values += 1;
  if (typeof value === 'string') {
    if (value.length > longestText) throw tooLarge(`a text of more than ${longestText} characters`);
    size.characters += value.length;
  }
  if (size.values > mostValues) throw tooLarge(`something of more than ${mostValues} values`);
  if (size.characters > mostCharacters) throw tooLarge(`something of more than ${mostCharacters} characters`);
}

function checkList({ length }: readonly unknown[]): void {
  if (length > longestList) throw tooLarge(`a list of more than ${longestList} values`);
}

/** Also the end of what refers to itself. */
function checkDepth(depth: number): void {
  if (depth >= deepest) throw tooLarge(`something nested more than ${deepest} deep`);
}

function isFunction(value: unknown): boolean {
  const { _jsonata_lambda, _jsonata_function } = (value ?? {}) as Record<string, unknown>;
  return _jsonata_lambda === true || _jsonata_function === true;
}

const tooLarge = (what: string): ValueFailure => new ValueFailure(`The expression made ${what}.`);
