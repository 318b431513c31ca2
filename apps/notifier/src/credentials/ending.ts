import type { CredentialDocument } from '@rollcall/collections';

const dayMs = 24 * 60 * 60_000;

/** Days before the end of a credential on which somebody is told; 0 is the end itself. */
export const warningDays = [0, 1, 7, 30] as const;

/** The warning that is due: the nearest to the end that was reached, null while the end is far away. */
export function warningDue(expiresAt: string, now: Date): (typeof warningDays)[number] | null {
  const left = Date.parse(expiresAt) - now.getTime();
  return warningDays.find((days) => left <= days * dayMs) ?? null;
}

/** A warning is one incident: a new secret or another end makes new ones. */
export function endingIncident(
  { _id, secretVersion, expiresAt }: Pick<CredentialDocument, '_id' | 'secretVersion' | 'expiresAt'>,
  days: (typeof warningDays)[number],
): string {
  return `credential-ends/${_id}/${secretVersion}/${expiresAt}/${days}`;
}

/** Credentials that end before this time are looked at. */
export function horizon(now: Date): Date {
  return new Date(now.getTime() + Math.max(...warningDays) * dayMs);
}
