/**
 * The same text for all ways in which people write one address: width and case of letters, blanks around it, and what
 * mail servers ignore behind a plus sign. So nobody gets more guesses at a password by writing the address differently.
 */
export function emailKeyOf(email: string): string {
  const text = email.normalize('NFKC').trim().toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1) return text;
  const tag = text.slice(0, at).indexOf('+');
  return tag < 1 ? text : text.slice(0, tag) + text.slice(at);
}
