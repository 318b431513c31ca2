/** Line ends in every alphabet, other control characters, and marks that turn the direction of writing around. */
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Text as one line, safe in a mail header and in a sentence: whatever could begin a new header, or show something else
 * than it says, becomes a space (P39).
 * @param longest most characters; more are cut off with an ellipsis
 */
export function singleLine(text: string, longest = 500): string {
  const line = text.replace(unprintable, ' ').replace(/ {2,}/g, ' ').trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}
