import { type VendorAnswer } from './connector.js';
import { type RefusalWords } from './expired-cursor.js';
import { VendorError } from './vendor-error.js';
import { isJsonObject, parseVendorJson } from './vendor-json.js';

/** Longest that a vendor's own words are handed on. */
const mostCharacters = 300;

/**
 * What a vendor says in an answer that is no data, as `read` finds it in the vendor's form of an error.
 * @returns null when the text is no JSON object: then it is the word of something between us and the vendor
 */
export function vendorWords<Words>(text: string, read: (body: Record<string, unknown>) => Words): Words | null {
  let body: unknown;
  try {
    body = parseVendorJson(text, { recordDepth: 0 });
  } catch (error) {
    if (error instanceof VendorError) return null;
    throw error;
  }
  return isJsonObject(body) ? read(body) : null;
}

/** The reason when an answer is readable and not what the vendor documents. `what` goes on after "answered". */
export function unexpectedAnswer(vendor: string, what: string): VendorError {
  return new VendorError('vendor-answer-unexpected', `${vendor} answered ${what}.`);
}

/**
 * The reason when a vendor says no, in its own words as far as it has some.
 * @param hint whole sentences about what the words mean here
 * @param details beside the status
 */
export function refusedAnswer(
  vendor: string,
  { status }: Pick<VendorAnswer, 'status'>,
  { message = null }: RefusalWords,
  { hint = '', details = {} }: { readonly hint?: string; readonly details?: Readonly<Record<string, unknown>> } = {},
): VendorError {
  const words = message === null ? '' : `: "${message.slice(0, mostCharacters)}"`;
  const text = `${vendor} refused the request with status ${status}${words}.`;
  return new VendorError('vendor-refused', hint === '' ? text : `${text} ${hint}`, { details: { ...details, status } });
}
