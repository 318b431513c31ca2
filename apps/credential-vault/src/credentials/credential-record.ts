import type { CredentialDocument } from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';

/** A stored credential as it is published: without what is kept beside it. */
export function credentialRecordOf({
  _id,
  ownUsers = null,
  edits: _edits,
  ...rest
}: CredentialDocument): CredentialRecord {
  return { id: _id, ...rest, ownUsers };
}
