/** What the engine's codes mean, in words that hold nothing of the record. `{}` is the function or operator. */
const words: Readonly<Record<string, string>> = {
  D1001: 'A number is too large.',
  D1002: 'Something that is not a number cannot be negated.',
  T1003: 'A key of an object is not a text.',
  T1005: '{} is not a function. Functions begin with $.',
  T1006: '{} is not a function.',
  T1007: '{} is not a function. Functions begin with $.',
  T1008: '{} is not a function.',
  D1009: 'Two keys of an object are the same.',
  T2001: 'What is left of {} is not a number.',
  T2002: 'What is right of {} is not a number.',
  T2006: 'What is right of ~> is not a function.',
  T2007: 'Texts and numbers cannot be put into one order.',
  T2008: 'Only texts and numbers can be put into an order.',
  T2009: 'The values on both sides of {} are of different types.',
  T2010: 'Only texts and numbers can be compared by {}.',
  D2015: 'A list became too long.',
  T0410: '{} was given a value of another type than it takes.',
  T0411: '{} was given a value of another type than it takes.',
  T0412: '{} was given a list with values of another type than it takes.',
  D3001: 'A number is too large to become a text.',
  D3010: '$replace has nothing to look for.',
  D3030: 'The value is not a number.',
  D3060: 'A negative number has no root.',
  D3061: 'A number is too large.',
  D3070: '$sort without a function takes only texts or only numbers.',
  D3100: '$formatBase takes a base from 2 to 36.',
  D3110: 'The text is not an ISO 8601 time.',
  D3136: 'The picture lacks parts of the date.',
  D3138: '$single found more than one value.',
  D3139: '$single found no value.',
  D3140: 'The text is not part of a valid address.',
};

/**
 * An error of the engine in words of our own. Its own message quotes values of the record, and `$error` lets an
 * expression write it, so nothing of it is taken over but the code, the place, and what the expression itself says there.
 */
export function failureWords(error: unknown, expression: string): string {
  const { code, position, token } = (error ?? {}) as { code?: unknown; position?: unknown; token?: unknown };
  const named =
    typeof token === 'string' && token !== '' && expression.includes(token) ? `"${token}"` : 'what is called';
  const text = wordsOf(code, error).replace('{}', () => named);
  const where = typeof position === 'number' && position > 0 ? ` (character ${position})` : '';
  return `${text.charAt(0).toUpperCase()}${text.slice(1, -1)}${where}.`;
}

function wordsOf(code: unknown, error: unknown): string {
  const known = typeof code === 'string' && Object.hasOwn(words, code) ? words[code] : undefined;
  if (known !== undefined) return known;
  return error instanceof RangeError ? 'It becomes too long or too deep.' : 'It cannot be evaluated for this record.';
}
