import { type VendorAnswer } from './connector.js';
import { VendorError } from './vendor-error.js';

/** By which words a vendor says that a cursor of its own is no longer good. */
export interface CursorWords {
  /** Codes of its errors, compared without regard to case. */
  readonly codes?: readonly string[];
  /** Found in its message. */
  readonly message?: RegExp;
}

/** The vendor's words in a refusal, null where it has none. */
export interface RefusalWords {
  readonly code?: string | null;
  readonly message?: string | null;
}

const gone = 410;

/**
 * A refusal of a page behind the first one, when it says that the cursor has expired: the listing is then read once more
 * from its beginning, under a new generation (A5). Whatever a vendor's words are, 410 means it.
 * @returns null for any other refusal
 */
export function expiredCursor(
  vendor: string,
  { status }: Pick<VendorAnswer, 'status'>,
  { code = null, message = null }: RefusalWords,
  words: CursorWords = {},
): VendorError | null {
  const isNamed = code !== null && (words.codes ?? []).some((known) => known.toLowerCase() === code.toLowerCase());
  const isSaid = message !== null && words.message?.test(message) === true;
  if (status !== gone && !isNamed && !isSaid) return null;
  return new VendorError(
    'read-cursor-expired',
    `${vendor} does not know its own cursor any more, so the listing must be read from its beginning.`,
    { retriable: true, details: { status } },
  );
}
