import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import { isOwnUser } from '@rollcall/contracts';

type Held = Pick<AccountDocument, 'hold' | 'active'>;

/** Why a user may be acted on by hand only, in words; null when a workflow may (P19, G7). */
export function whyProtected(account: AccountDocument, person: PersonDocument | null): string | null {
  const own = person !== null && person._id === account.person ? person : null;
  if (account.protected || own?.protected === true) {
    return 'The user is protected, so nothing was sent. Lift the protection, or act by hand.';
  }
  if (account.administrator) {
    return 'The user is an administrator at the vendor, so nothing was sent. Act by hand.';
  }
  return whyHeld('account', account) ?? (own === null ? null : whyHeld('person', own));
}

/** Somebody decided that it stays active, whatever vendors say. */
function whyHeld(what: 'account' | 'person', { hold, active }: Held): string | null {
  if (hold === null || !active) return null;
  const reason = hold.reason.trim() === '' ? '' : ` ("${hold.reason.trim()}")`;
  return (
    `The ${what} is held as active since ${hold.at} by ${hold.by}${reason}, so nothing was sent. Lift the hold, or act by ` +
    'hand.'
  );
}

/** Acting on the credential's own user would end the credential (P19). */
export function whyOwnUser(ownUsers: readonly string[], names: readonly unknown[]): string | null {
  if (!isOwnUser(ownUsers, names)) return null;
  return 'The user is the one of the credential itself, so nothing was sent. Act by hand.';
}
