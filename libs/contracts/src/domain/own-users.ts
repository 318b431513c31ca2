import type { AuthScheme } from './connector-manifest.js';
import { hasVisibleCharacter } from './text.js';

/** The credential's answer to "whose key is this?", as far as a person gave it. */
interface NamedOwners {
  readonly ownUsers?: readonly string[] | null | undefined;
}

/** As names of users are compared: without regard to case and to blanks around them. */
function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/**
 * The inputs of a scheme whose values name the credential's own user at the vendor. One that is sent in place of another
 * input, because that was left empty, names nobody.
 * @param given names of the fields that the credential has
 */
export function ownUserInputs({ inputs, placement }: AuthScheme, given: readonly string[]): string[] {
  const parts = placement.kind === 'body' ? Object.values(placement.fields) : [];
  const standsIn = (name: string): boolean =>
    parts.some(({ field, orField }) => orField === name && !given.includes(field));
  return inputs.flatMap(({ name, ownUser }) =>
    ownUser === true && given.includes(name) && !standsIn(name) ? [name] : [],
  );
}

/** Whether it is known who the credential is at the vendor; "none of its users" is an answer too. */
export function knowsOwnUsers(
  scheme: AuthScheme | undefined,
  credential: NamedOwners & { readonly secretFields: readonly string[] },
): boolean {
  if ((credential.ownUsers ?? null) !== null) return true;
  return scheme !== undefined && ownUserInputs(scheme, credential.secretFields).length > 0;
}

/**
 * The credential's own users at the vendor, whom no run and no workflow deactivates: those that a person named, and those
 * that fields of the credential name. Ids, names or e-mail addresses, folded for comparison.
 * @param fields values of a lease
 */
export function ownUsersOf(
  scheme: AuthScheme | undefined,
  { ownUsers }: NamedOwners,
  fields: Readonly<Record<string, string>>,
): string[] {
  const given = Object.keys(fields).filter((name) => hasVisibleCharacter(fields[name]!));
  const told = scheme === undefined ? [] : ownUserInputs(scheme, given).map((name) => fields[name]!);
  return [...new Set([...(ownUsers ?? []), ...told].map(folded))].filter((name) => name !== '').sort();
}

/** Whether one of the names of a user is one of the credential's own users. */
export function isOwnUser(ownUsers: readonly string[], names: readonly unknown[]): boolean {
  if (ownUsers.length === 0) return false;
  const known = new Set(ownUsers.map(folded));
  return names.some((name) => typeof name === 'string' && known.has(folded(name)));
}
