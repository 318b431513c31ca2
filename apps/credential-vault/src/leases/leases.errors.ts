import type { requestLease } from '@rollcall/contracts';
import { AppError } from '@rollcall/contracts';

export class LeaseError extends AppError<(typeof requestLease)['errors'][number]> {}

export const credentialNotFound = (id: string): LeaseError =>
  new LeaseError(
    'credential-not-found',
    'The credential was deleted. Choose another credential for what uses it, or create it again.',
    { details: { id } },
  );

export const secretUnreadable = (name: string, cause: unknown): LeaseError =>
  new LeaseError(
    'secret-unreadable',
    `The stored secret of credential "${name}" cannot be read: it was altered, or its data key is missing. Enter the ` +
      'secret again, or restore the private database of the vault from a backup.',
    { cause },
  );

export const publicKeyUnusable = (cause: unknown): LeaseError =>
  new LeaseError(
    'public-key-unusable',
    'The key to seal the lease to is no P-256 point. Make a new pair and ask again.',
    { cause },
  );
