import { z } from 'zod';

/**
 * Anything that shows: not blanks, control and format characters, half characters (surrogates), nor what Unicode calls
 * ignorable, such as fillers. The blank Braille pattern is a symbol to Unicode, and nothing to the eye.
 */
const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Text without one is no value, whatever its length says. */
export function hasVisibleCharacter(text: string): boolean {
  // Nearly every text begins with one; asking the property tables for it would cost more than the rest of its way.
  const first = text.charCodeAt(0);
  return (first > 0x20 && first < 0x7f) || visible.test(text);
}

/** The same text without half characters, so that event, record and history hold the same: UTF-8 cannot write them. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** A name that people give and read: it must show. */
export function nameSchema(longest: number) {
  return z.string().min(1).max(longest).refine(hasVisibleCharacter, 'it has no visible character');
}
