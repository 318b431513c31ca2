import type { CredentialDocument } from '@rollcall/collections';
import type { requestLease } from '@rollcall/contracts';
import { AppError } from '@rollcall/contracts';

import { originOf } from '../keys/field-place.js';

export class LeaseError extends AppError<(typeof requestLease)['errors'][number]> {}

export const credentialNotFound = (id: string): LeaseError =>
  new LeaseError(
    'credential-not-found',
    'The credential was deleted. Choose another credential for what uses it, or create it again.',
    { details: { id } },
  );

/** @param origin where the secret was entered for, as it is told beside the ciphertext */
export function secretUnreadable(
  { name, baseUrl }: Pick<CredentialDocument, 'name' | 'baseUrl'>,
  origin: string,
  cause: unknown,
): LeaseError {
  const isMoved = origin !== originOf(baseUrl);
  const why = isMoved
    ? `its secret was entered for ${origin}, and its address is ${baseUrl} now, which was not changed through the API`
    : 'it was altered, its address or kind was changed in the database, or its data key is missing';
  return new LeaseError(
    'secret-unreadable',
    `The stored secret of credential "${name}" cannot be read: ${why}. Nothing was sent. Enter the secret again, with the ` +
      'address that it is for (PATCH /credentials/<id> with baseUrl and all its fields), or restore the databases of the ' +
      'vault from a backup; if nobody of yours changed it, find out who writes to the database.',
    { cause },
  );
}

/** What is said of a new secret that the vendor refused to whoever leased it. */
export const newSecretRefused = {
  code: 'vendor-auth-rejected',
  message: 'The vendor refused the new secret (status 401). Enter it again, or correct it at the vendor.',
};

/** The same of the secret of before, while the new one is refused. */
export const bothSecretsRefused = {
  code: 'vendor-auth-rejected',
  message: 'The vendor refuses the new secret and the one of before (status 401). Enter a secret that works.',
};

export const publicKeyUnusable = (cause: unknown): LeaseError =>
  new LeaseError(
    'public-key-unusable',
    'The key to seal the lease to is not a P-256 point. Create a new pair and ask again.',
    { cause },
  );
