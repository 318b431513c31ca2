import type { AccountDocument } from '@rollcall/collections';
import type { Values } from '@rollcall/contracts';

import { type KeyField, keysOf } from '../people/keys.js';
import type { ObservedUser } from './apply-user.js';

type Known = Pick<AccountDocument, 'active' | 'hold' | 'username' | 'values' | 'vendorId'>;
type Marked = Pick<AccountDocument, 'username' | 'values'>;
type Seen = Pick<ObservedUser, 'user'> & { readonly values: Values };

const username: KeyField = { field: 'username', kind: 'folded' };

/** The id itself, mapped to a unique field, says nothing: it is what came back. */
function marksOf(vendorId: string, marked: Marked, uniqueFields: readonly KeyField[]): string[] {
  const named: Values = { ...marked.values, username: marked.username };
  // The last of a field counts: user names are compared without case, even where a field of that name tells it apart.
  const keys = keysOf(named, [...uniqueFields, username]);
  return [...keys].flatMap(([field, key]) => (String(named[field]) === vendorId ? [] : [key]));
}

/**
 * Why a user seen under the id of an account that is inactive may be somebody else, or null (V24). To come back takes the
 * id and one more mark: the user name or a unique value. An active account is renamed as often as its vendor likes (D5).
 */
export function identityConflict(
  account: Known,
  { user, values }: Seen,
  uniqueFields: readonly KeyField[],
): string | null {
  if (account.active || account.hold !== null || user.status !== 'active') return null;
  const known = new Set(marksOf(account.vendorId, account, uniqueFields));
  const seen = marksOf(account.vendorId, { username: user.username, values }, uniqueFields);
  if (known.size === 0 || seen.some((mark) => known.has(mark))) return null;
  return (
    `Id ${account.vendorId} belonged to ${account.username ?? 'somebody'}, who is inactive here, and now comes with the ` +
    `name ${user.username ?? '(none)'} and other unique values. Nothing was changed, because it may be somebody else. If ` +
    'it is the same person, hold the account active once.'
  );
}
