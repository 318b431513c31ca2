import type { CredentialDocument } from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';

/** A stored credential as it is published: without what is kept beside it. */
export function credentialRecordOf({ _id, edits: _edits, ...rest }: CredentialDocument): CredentialRecord {
  const later = { ownUsers: null, advanced: false, previous: null, owner: null, expiresAt: null, consentUrl: null };
  return { ...later, ...rest, id: _id };
}
