import { AppError } from '@rollcall/contracts';

export type LeaseErrorCode =
  | 'vault-unavailable'
  | 'credential-not-found'
  | 'secret-unreadable'
  | 'credential-changed'
  | 'lease-refused'
  | 'token-refused'
  | 'token-unavailable';

/** Why there is no secret to call the vendor with; each is a named reason of a failed run. */
export class LeaseError extends AppError<LeaseErrorCode> {}

export const vaultUnavailable = (waitedMs: number): LeaseError =>
  new LeaseError(
    'vault-unavailable',
    `The credential vault did not answer for ${waited(waitedMs)}, so the vendor could not be ` +
      'called. Nobody was deactivated. Look whether credential-vault runs; the next run tries again.',
    { retriable: true },
  );

const waited = (ms: number): string =>
  ms < 120_000 ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.round(ms / 60_000)} minutes`;

/** Refusals of the vault that name their reason themselves. */
const told = ['credential-not-found', 'secret-unreadable', 'token-refused', 'token-unavailable'] as const;

export const leaseRefused = (error: { readonly code: string; readonly message: string }): LeaseError =>
  new LeaseError(told.find((code) => code === error.code) ?? 'lease-refused', error.message);

export const credentialChanged = (): LeaseError =>
  new LeaseError(
    'credential-changed',
    'The credential was moved to another address while it was used, so users of two places could have been mixed. ' +
      'Nobody was deactivated. Run again.',
  );
