import type { CredentialRecord, InputOf, reportCredential } from '@rollcall/contracts';

import { attentionWith } from '../keys/attention.js';

export type Report = InputOf<typeof reportCredential>;
type Refusal = NonNullable<Report['refused']>;
type Change = Pick<CredentialRecord, 'attention' | 'previous'>;

/**
 * What a credential is after somebody told how the vendor reacted to one of its secrets; null when it stays as it is. What is
 * said of an older secret is of no interest any more, and what is known already changes nothing. The secret of before ends
 * when the vendor accepts the new one for the first time, and when it refuses that too while the new one is refused.
 * @param at ISO 8601
 */
export function afterReport(
  stored: CredentialRecord,
  { secretVersion, refused }: Pick<Report, 'secretVersion' | 'refused'>,
  at: string,
): CredentialRecord | null {
  const change =
    refused === null ? afterAcceptance(stored, secretVersion) : afterRefusal(stored, secretVersion, refused, at);
  return change && { ...stored, ...change, version: stored.version + 1, updatedAt: at };
}

function afterAcceptance({ attention, previous, ...stored }: CredentialRecord, version: number): Change | null {
  const isNews = attention !== null || previous !== null;
  return isNews && stored.secretVersion === version ? { attention: null, previous: null } : null;
}

function afterRefusal(
  { attention, previous, secretVersion }: CredentialRecord,
  version: number,
  refused: Refusal,
  at: string,
): Change | null {
  if (version === secretVersion && attention?.code !== refused.code) {
    return { attention: attentionWith(previous, { ...refused, at }), previous };
  }
  // While nobody has refused the new one, a report about the one of before comes late: it says nothing of now.
  if (version === previous?.secretVersion && attention !== null) {
    return { attention: { ...refused, at }, previous: null };
  }
  return null;
}
