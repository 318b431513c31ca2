import { AppError } from '@rollcall/contracts';

export type LeaseErrorCode =
  | 'vault-unavailable'
  | 'credential-not-found'
  | 'secret-unreadable'
  | 'credential-changed'
  | 'lease-refused'
  | 'token-refused'
  | 'token-unavailable';

/**
 * Why there is no secret to call the vendor with. Retriable when it may pass by itself: the vault, or the token endpoint
 * of the vendor, did not answer. Everything else needs a person.
 */
export class LeaseError extends AppError<LeaseErrorCode> {}

/** What a person is told behind the reason: what it means for the caller's work, and what to do. */
export interface LeaseAdvice {
  readonly whenVaultIsAway: string;
  readonly whenCredentialMoved: string;
}

export const vaultUnavailable = (waitedMs: number, { whenVaultIsAway }: LeaseAdvice): LeaseError =>
  new LeaseError(
    'vault-unavailable',
    `The credential vault did not answer for ${waited(waitedMs)}, so the vendor could not be called. ${whenVaultIsAway}`,
    { retriable: true },
  );

const waited = (ms: number): string =>
  ms < 120_000 ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.round(ms / 60_000)} minutes`;

/** Refusals of the vault that name their reason themselves. */
const named = ['credential-not-found', 'secret-unreadable', 'token-refused', 'token-unavailable'] as const;

export const leaseRefused = (error: { readonly code: string; readonly message: string }): LeaseError =>
  new LeaseError(named.find((code) => code === error.code) ?? 'lease-refused', error.message, {
    retriable: error.code === 'token-unavailable',
  });

export const credentialChanged = ({ whenCredentialMoved }: LeaseAdvice): LeaseError =>
  new LeaseError(
    'credential-changed',
    `The credential was moved to another address while it was used. ${whenCredentialMoved}`,
  );
