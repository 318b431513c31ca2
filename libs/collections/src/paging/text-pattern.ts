/** A letter with the marks behind it, as one: only together they have composed and decomposed forms. */
const cluster = /\P{M}\p{M}*|\p{M}+/gu;
/** The database takes patterns of up to 32 764 bytes; anchors and flags come on top. */
const longestPattern = 32_000;
/** Orders of so many marks are tried; letters of living languages have no more. */
const mostMarks = 3;

/**
 * Characters that show nothing and hide in copied texts: soft hyphen, joiners, marks of direction, zero-width blanks,
 * selectors of variants. They stand in patterns as themselves: the database reads no `\u`.
 */
const hiddenRanges = ['\u00ad', '\u034f', '\u061c', '\u180b-\u180f', '\u200b-\u200f', '\u202a-\u202e', '\u2060-\u206f'];
const hidden = `[${[...hiddenRanges, '\u3164', '\ufe00-\ufe0f', '\ufeff', '\uffa0'].join('')}]`;
const gap = `${hidden}*`;
// eslint-disable-next-line no-misleading-character-class -- marks among them are meant one by one, not as one letter
const everyHidden = new RegExp(hidden, 'g');

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function ordersOf(marks: readonly string[]): string[][] {
  if (marks.length === 0) return [[]];
  return marks.flatMap((mark, place) =>
    ordersOf(marks.filter((_, other) => other !== place)).map((rest) => [mark, ...rest]),
  );
}

const twoForms = (part: string): string[] => [part, part.normalize('NFD')];

/** Each way to write a letter with its marks: their orders that mean the same, each with some, all or none of them composed. */
function everyForm(part: string): string[] {
  const [base = '', ...marks] = part.normalize('NFD');
  if (marks.length > mostMarks) return twoForms(part);
  const forms = ordersOf(marks).flatMap((order) =>
    Array.from(
      { length: order.length + 1 },
      (_, from) => (base + order.slice(0, from).join('')).normalize('NFC') + order.slice(from).join(''),
    ),
  );
  return [...twoForms(part), ...forms.filter((form) => form.normalize('NFC') === part)];
}

function patternOf(text: string, formsOf: (part: string) => string[], between: string): string {
  const parts = text.normalize('NFC').match(cluster) ?? [];
  return parts
    .map((part) => {
      const [only = '', ...others] = [...new Set(formsOf(part).map(literally))];
      return others.length === 0 ? only : `(?:${[only, ...others].join('|')})`;
    })
    .join(between);
}

const fits = (pattern: string): boolean => Buffer.byteLength(pattern) <= longestPattern;

/**
 * A pattern for exactly this text, however its letters are composed: stored is what the vendor wrote, and who types a name
 * does not see in which form it is. Every character that means something in a pattern is escaped.
 */
export function anyForm(text: string): string {
  const pattern = patternOf(text, everyForm, '');
  return fits(pattern) ? pattern : patternOf(text, twoForms, '');
}

export interface KeyPattern {
  readonly pattern: string;
  /** What may stand between the pattern and the beginning or end of the text. */
  readonly margin: string;
}

/**
 * The same for a text that is compared as a key, where hidden characters count for nothing, neither typed nor stored.
 * They are no letters, so each place in a text is looked at once.
 */
export function anyFormOfKey(text: string): KeyPattern {
  const pattern = patternOf(text.replace(everyHidden, ''), everyForm, gap);
  return pattern !== '' && fits(pattern) ? { pattern, margin: gap } : { pattern: anyForm(text), margin: '' };
}
