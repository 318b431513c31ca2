import type { CredentialRecord } from '@rollcall/contracts';
import type { FieldPlace } from '@rollcall/secrets';

/** Field of a credential under which its cached token is encrypted. */
export const tokenField = 'accessToken';

/** What a ciphertext of a credential is bound to, beside its field and version. */
export type Bound = Pick<CredentialRecord, 'connector' | 'type' | 'baseUrl'> &
  Partial<Pick<CredentialRecord, 'advanced'>>;

/**
 * Where a ciphertext of a credential belongs. The record beside it can be edited by whoever may write the database; then
 * this is another place, and the ciphertext does not open.
 */
export function placeOf(
  credentialId: string,
  { connector, type, advanced = false, baseUrl }: Bound,
  field: string,
  version: number,
): FieldPlace {
  // The same fields travel otherwise in Advanced Mode, so it is another kind.
  const kind = advanced ? `advanced ${type}` : type;
  return { credentialId, connector, type: kind, origin: originOf(baseUrl), field, version };
}

/** Where a ciphertext of a credential is stored. */
export function ciphertextId(credential: string, secretVersion: number, field: string): string {
  return `${credential}/${secretVersion}/${field}`;
}

/** Scheme, host and port of an address; of what is none, the text itself, which no secret was ever bound to. */
export function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : `no address: ${address}`;
}
