import type { CiphertextDocument, UsedValue } from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';

/** What the use log says of the values of a secret: their digests, in the order of its fields. */
export function usedValues(
  { secretFields, secretVersion }: Pick<CredentialRecord, 'secretFields' | 'secretVersion'>,
  ciphertexts: readonly CiphertextDocument[],
): UsedValue[] {
  return secretFields.flatMap((field) => {
    const stored = ciphertexts.find((one) => one.field === field && one.secretVersion === secretVersion);
    return stored?.valueDigest === undefined ? [] : [{ field, digest: stored.valueDigest }];
  });
}
