import { type RawUser } from '@rollcall/contracts';

import { defectOf, describeDefect, type RecordDefect } from './record-defects.js';
import { VendorError } from './vendor-error.js';

/** A record whose id cannot be told: it cannot even be counted as seen, so a listing that holds it is not complete. */
export function recordWithoutId(vendor: string, field: string): VendorError {
  return new VendorError('vendor-record-unusable', `${vendor} answered a user without a usable id in "${field}".`);
}

/**
 * A single record as a user, like one of a page. Without an id it is no user at all, but some other answer.
 * @throws VendorError
 */
export function readRecord(record: unknown, read: () => RawUser): RawUser {
  try {
    return userOf(record, read);
  } catch (error) {
    if (!(error instanceof VendorError) || error.code !== 'vendor-record-unusable') throw error;
    throw new VendorError('vendor-answer-unexpected', error.message, { details: error.details });
  }
}

/**
 * A vendor's record as a user. One that cannot be taken as it is stays a user with the reason: it counts as seen, so that
 * nobody looks like a leaver for it, and is named on the run (B7).
 * @param record as `parseVendorJson` gave it
 * @throws VendorError whatever `read` throws, with the reason where it is known
 */
function userOf(record: unknown, read: () => RawUser): RawUser {
  const defect = defectOf(record);
  if (defect === null) return read();
  try {
    return { ...read(), raw: {}, problem: problemOf(defect) };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const { code, message, details } = error;
    throw new VendorError(code, `${message} Of that record ${describeDefect(defect)}.`, { details });
  }
}

/**
 * The records of one page as users.
 * @throws VendorError of the first record that is no user, with its place on the page (`details.record`, from 1)
 */
export function readRecords<Item>(
  items: readonly Item[],
  read: (item: Item) => RawUser,
  recordOf: (item: Item) => unknown = (item) => item,
): RawUser[] {
  return items.map((item, index) => {
    try {
      return userOf(recordOf(item), () => read(item));
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const { code, message, retriable, details } = error;
      throw new VendorError(code, message, { retriable, details: { ...details, record: index + 1 } });
    }
  });
}

/** The field is named in the words of the run; ids stand beside them. */
function problemOf(defect: RecordDefect): NonNullable<RawUser['problem']> {
  return {
    code: defect.code,
    message: `The record was not taken: ${describeDefect(defect)}. Shorten it at the vendor. Until then the values here stay as they were.`,
  };
}
