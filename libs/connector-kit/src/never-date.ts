const day = /^([+-]?\d{4,6})-\d\d?-\d\d?(?:[T ]|$)/;
const dayFirst = /^\d\d?[/.]\d\d?[/.](\d{4})(?: |$)/;
const digits = /^-?\d+$/;
/** Zero of the clock of computers, in the forms in which it is written. */
const epoch = /^1970-01-01T00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)$/;

const firstYear = 1900;
const lastYear = 2199;
const firstMs = Date.UTC(firstYear, 0);
const endMs = Date.UTC(lastYear + 1, 0);

/** Small numbers may be seconds or days, so of them only zero and minus one are known to be none. */
function isNeverNumber(value: number): boolean {
  return value === 0 || value === -1 || value < firstMs || value >= endMs;
}

/**
 * True for what vendors write where there is no date: 0000-00-00, 0001-01-01, 1601-01-01, 9999-12-31 and any other day
 * of years in which nobody had an account, zero, minus one, and the largest number. It is an empty value: nothing is
 * wrong with the record, and there is nothing to correct.
 */
export function isNeverDate(value: unknown): boolean {
  if (typeof value === 'number') return isNeverNumber(value);
  if (typeof value !== 'string') return false;
  const text = value.trim();
  if (digits.test(text)) return isNeverNumber(Number(text));
  if (epoch.test(text)) return true;
  // NaN where there is no year, and NaN is neither below nor above anything.
  const year = Number(day.exec(text)?.[1] ?? dayFirst.exec(text)?.[1]);
  return year < firstYear || year > lastYear;
}
