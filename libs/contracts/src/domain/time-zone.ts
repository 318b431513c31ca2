const offset = /^[+-]|^(etc\/)?gmt[+-]/i;

/**
 * Whether a text names a time zone of the IANA database, the same everywhere a person enters one. An offset such as
 * `+02:00` is refused: it does not follow the change to summer time, which is hardly ever meant.
 */
export function isTimeZone(text: string): boolean {
  if (offset.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
