/**
 * A request as somebody pastes it into any shell: zsh takes a bare `?` for a pattern, and a path may hold spaces.
 * @param keyFile file that holds the API key
 */
export function curlLine(url: string, keyFile: string): string {
  return `curl -H "Authorization: Bearer $(cat ${quoted(keyFile)})" ${quoted(url)}`;
}

/** A word for a shell: bare where every shell takes it as it is, else in single quotes. */
export function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
