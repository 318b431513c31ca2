import { AppError } from '@rollcall/contracts';

/**
 * Why a vendor's answer cannot be used. Closed list: the code is the named reason of a failed run (P14).
 * `retriable` says whether asking again later may help.
 */
export type VendorErrorCode =
  | 'vendor-auth-rejected'
  | 'vendor-forbidden'
  | 'vendor-rate-limited'
  | 'vendor-unavailable'
  | 'vendor-unreachable'
  | 'vendor-timeout'
  | 'vendor-answer-cut'
  | 'vendor-answer-unreadable'
  | 'vendor-answer-unexpected'
  | 'vendor-record-unusable'
  | 'vendor-refused'
  | 'vendor-redirected'
  | 'vendor-foreign-cursor'
  | 'vendor-answer-too-large'
  | 'vendor-call-aborted'
  | 'read-empty-page'
  | 'read-page-repeated'
  | 'read-total-moved'
  | 'read-count-mismatch'
  | 'read-cursor-expired'
  | 'read-too-many-pages'
  | 'read-status-unknown'
  | 'read-not-finished';

export class VendorError extends AppError<VendorErrorCode> {
  /** Status of the vendor's answer, null when there was none. */
  get status(): number | null {
    return typeof this.details['status'] === 'number' ? this.details['status'] : null;
  }
}
