import { type ConnectorContext } from '@rollcall/connector-kit';

import { filteringLoad, noFilter } from './manifest.js';
import { longestAddress, longestAddressWith } from './query.js';

/** Quotes that word processors make, and the double one: the filter language knows none of them outside of a text. */
const foreignQuotes = /["“”„‘’‚`´]/;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacters = /[\u0000-\u001f\u007f]/;

/** The filter of the load as it goes to the vendor, verbatim but trimmed; null = all users (R57, R58). */
export function filterOf({ load, inputs }: Pick<ConnectorContext, 'load' | 'inputs'>): string | null {
  if (load !== filteringLoad || !Object.hasOwn(inputs, 'filter')) return null;
  const filter = inputs['filter']?.trim() ?? '';
  return filter === '' || filter === noFilter ? null : filter;
}

interface Scan {
  /** What stands outside of the quoted texts. */
  readonly outside: string;
  readonly isTextOpen: boolean;
  /** A parenthesis too many or too few. */
  readonly isUneven: boolean;
}

/** A doubled quote inside a text ends it and opens it again, so that it needs no rule of its own. */
function scan(filter: string): Scan {
  const parts = filter.split("'");
  const outside = parts.filter((_, index) => index % 2 === 0).join(' ');
  let depth = 0;
  let deepest = 0;
  for (const character of outside) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    deepest = Math.min(deepest, depth);
  }
  return { outside, isTextOpen: parts.length % 2 === 0, isUneven: depth !== 0 || deepest < 0 };
}

function problemsOf(filter: string): (string | null)[] {
  const { outside, isTextOpen, isUneven } = scan(filter);
  const length = longestAddressWith(filter);
  return [
    length > longestAddress
      ? `The filter is too long: with it an address has ${length} characters, and Microsoft takes ${longestAddress}. Shorten it by ${length - longestAddress}; spaces, quotes and commas count up to three.`
      : null,
    controlCharacters.test(filter)
      ? 'The filter holds a line break, a tab or another control character. Write it on one line, with spaces.'
      : null,
    filter.toLowerCase() === noFilter.toLowerCase()
      ? `The word for "no filter" is written ${noFilter}, with a capital D.`
      : null,
    /^\$filter\s*=/i.test(filter)
      ? 'The filter begins with "$filter=". Leave that out; it is added automatically.'
      : null,
    isTextOpen
      ? "A single quote in the filter has no partner. Put each text between single quotes, and double one inside a text: 'O''Brien'."
      : null,
    // With an open text the rest cannot be told apart, so only the quote is named then.
    !isTextOpen && isUneven ? 'The parentheses of the filter do not pair up. Add or remove one.' : null,
    !isTextOpen && foreignQuotes.test(outside)
      ? "The filter holds a quote that its language does not know. Put texts between straight single quotes: 'Staff'."
      : null,
  ];
}

/** What is certainly wrong with the filter; whatever else is wrong, the vendor names when it is tried (R59). */
export function inputProblems(load: string, inputs: Readonly<Record<string, string>>): readonly string[] {
  const filter = filterOf({ load, inputs });
  return filter === null ? [] : problemsOf(filter).filter((problem) => problem !== null);
}
