import type { CredentialDocument } from '@rollcall/collections';

/** A credential with one of its secrets: the present one, or that of before. */
export type OneSecret = Omit<CredentialDocument, 'previous'>;

/** All versions of its secret that are stored, the present one first. */
export function secretVersionsOf({ previous = null, ...credential }: CredentialDocument): OneSecret[] {
  return previous === null ? [credential] : [credential, { ...credential, ...previous }];
}

/** The version that a stored text belongs to; undefined when it belongs to none. */
export function secretVersionOf(credential: CredentialDocument, version: number): OneSecret | undefined {
  return secretVersionsOf(credential).find(({ secretVersion }) => secretVersion === version);
}
