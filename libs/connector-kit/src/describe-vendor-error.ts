import { type VendorError, type VendorErrorCode } from './vendor-error.js';

const again = 'The next run starts afresh; nobody was deactivated because of this one.';

/** What a person can do about each reason. */
const advice: Readonly<Record<VendorErrorCode, string>> = {
  'vendor-auth-rejected': 'Enter the secret again and test it (POST /credentials/{id}/test).',
  'vendor-forbidden':
    "Give the credential's account the rights listed under Prerequisites, or ask the vendor whether our address is blocked.",
  'vendor-rate-limited': 'Wait until the limit is over, or run at another time of day.',
  'vendor-unavailable': 'Look at the status page of the vendor, then run again.',
  'vendor-unreachable':
    'Check the address, the network, proxy and firewall, then run again. An address on this machine or in a private network is only called in development (ALLOW_LOOPBACK=true ./rollcall up).',
  'vendor-timeout': 'Look at the status page of the vendor, then run again.',
  'vendor-answer-cut': again,
  'vendor-answer-unreadable': 'Look whether a proxy or login page stands before the vendor, then run again.',
  'vendor-answer-unexpected': 'Look whether the vendor changed its interface, and whether there is a newer connector.',
  'vendor-record-unusable':
    'Correct that record at the vendor, then run again. A list with a user who cannot be told apart is not complete, so nobody was deactivated.',
  'vendor-refused': "Correct what the vendor's words name, then run again.",
  'vendor-redirected': 'Check the address of the credential: the vendor may have moved, or the region may be another.',
  'vendor-foreign-cursor': 'Check the address of the credential and report this to the vendor.',
  'vendor-answer-too-large': 'Look for the oversized record at the vendor, or report this to us.',
  'vendor-call-aborted': again,
  'read-empty-page': again,
  'read-page-repeated': `The vendor's paging does not work. ${again}`,
  'read-total-moved': `Users were added or removed while reading. ${again}`,
  'read-count-mismatch': `The listing was not complete. ${again}`,
  'read-cursor-expired': again,
  'read-too-many-pages': `The vendor's paging does not end. ${again}`,
  'read-status-unknown': `Without a status nobody can be called active or inactive. ${again}`,
  'read-not-finished': `The listing was not complete. ${again}`,
};

/** What happened, why, and what to do, in two or three sentences for run pages and notices. Holds no secret. */
export function describeVendorError(error: VendorError): string {
  return `${error.message} ${advice[error.code]}`;
}
