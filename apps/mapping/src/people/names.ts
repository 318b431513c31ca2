import type { Values } from '@rollcall/contracts';

/** Letters that Unicode does not take apart into a letter and a mark, though people write them without it. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const textOf = (values: Values, field: string): string => {
  const value = values[field];
  return typeof value === 'string' ? value : '';
};

/** The words of a name, without case and marks. */
function wordsOf(name: string): string[] {
  const folded = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => plainLetters[letter]!);
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Null: too little is known of the name to compare it. An address in the place of a name is none. */
function nameOf(values: Values): string[] | null {
  const [first, last, display] = ['first_name', 'last_name', 'display_name'].map((field) =>
    textOf(values, field).includes('@') ? [] : wordsOf(textOf(values, field)),
  ) as [string[], string[], string[]];
  const isKnown = display.length > 0 || (first.length > 0 && last.length > 0);
  return isKnown ? [...first, ...last, ...display] : null;
}

/** Scripts that write a whole name as one word. */
const unspaced = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]+$/u;

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  return unspaced.test(a) && unspaced.test(b) && (a.includes(b) || b.includes(a));
}

/**
 * Whether two records name different people: both have a display name or first and last name, and no word is in both.
 */
export function namesContradict(a: Values, b: Values): boolean {
  const [one, other] = [nameOf(a), nameOf(b)];
  if (one === null || other === null) return false;
  return !one.some((word) => other.some((theirs) => isSameWord(word, theirs)));
}
