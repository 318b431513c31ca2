import type { CredentialRecord, InputOf, reportCredential } from '@rollcall/contracts';

export type Report = InputOf<typeof reportCredential>;
type Refusal = NonNullable<Report['refused']>;

/**
 * What a credential is after somebody told how the vendor reacted to one of its secrets; null when it stays as it is. What is
 * said of an older secret is of no interest any more, and what is known already changes nothing. The secret of before ends
 * when the vendor accepts the new one for the first time, and when it refuses the one of before too.
 * @param at ISO 8601
 */
export function afterReport(
  stored: CredentialRecord,
  { secretVersion, refused }: Pick<Report, 'secretVersion' | 'refused'>,
  at: string,
): CredentialRecord | null {
  const isPresent = stored.secretVersion === secretVersion;
  const isOfPrevious = stored.previous?.secretVersion === secretVersion;
  const endsPrevious = refused === null ? isPresent && stored.previous !== null : isOfPrevious;
  const isNews = isPresent && stored.attention?.code !== refused?.code;
  if (!endsPrevious && !isNews) return null;
  const previous = endsPrevious ? null : stored.previous;
  const attention = refused === null ? null : { ...refusalOf(refused, previous), at };
  return { ...stored, version: stored.version + 1, attention, previous, updatedAt: at };
}

/** Says what goes on in the meantime, where something does. */
function refusalOf(refused: Refusal, previous: CredentialRecord['previous']): Refusal {
  if (previous === null) return refused;
  const message = `${refused.message} The secret of before is used until the new one is accepted.`;
  return { ...refused, message: message.slice(0, 2000) };
}
