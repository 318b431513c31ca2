import { hasVisibleCharacter } from '@rollcall/contracts';

import { endMs, firstMs, instantOf, isSentinel, type VendorDateForm } from './vendor-date.js';

const day = /^([+-]?\d{4,6})-\d\d?-\d\d?(?:[T ]|$)/;
const dayFirst = /^\d\d?[/.]\d\d?[/.](\d{4})(?: |$)/;
const digits = /^-?\d+$/;
/** Zero of the clock of computers, in the forms in which it is written. */
const epoch = /^1970-01-01T00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)$/;

const firstYear = new Date(firstMs).getUTCFullYear();
const endYear = new Date(endMs).getUTCFullYear();

/** Small numbers may be seconds or days, so of them only zero and minus one are known to be none. */
const isNeverNumber = (value: number): boolean => value === -1 || isSentinel(value);

function isNeverText(text: string): boolean {
  if (epoch.test(text)) return true;
  // NaN where there is no year, and NaN is neither below nor above anything.
  const year = Number(day.exec(text)?.[1] ?? dayFirst.exec(text)?.[1]);
  return year < firstYear || year >= endYear;
}

/**
 * True for what vendors write where there is no date: text that shows nothing, 0000-00-00, 0001-01-01, 1601-01-01,
 * 9999-12-31 and any other day of years in which nobody had an account, zero, minus one, and the largest number. It is
 * an empty value: nothing is wrong with the record, and there is nothing to correct.
 * @param form in which the date is expected. What is written in it is judged by the instant that it means, so that it is
 * either a date or none; the rest by how it looks.
 */
export function isNeverDate(value: unknown, form: VendorDateForm): boolean {
  if (typeof value === 'string' && !hasVisibleCharacter(value)) return true;
  const text = typeof value === 'string' ? value.trim() : value;
  const written = typeof text === 'string' && digits.test(text) ? Number(text) : text;
  const instant = instantOf(written, form);
  if (instant !== null) return isSentinel(instant);
  if (typeof written === 'number') return isNeverNumber(written);
  return typeof written === 'string' && isNeverText(written);
}
