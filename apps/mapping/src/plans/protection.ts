import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import { isOwnUser, type Pinned } from '@rollcall/contracts';

import type { OwnUsers } from '../readings/readings.repository.js';

/** Protected by flag, by the vendor's administrator mark, as the credential's own user, or as a person (G7). */
export function isProtected(
  account: AccountDocument,
  { pinned: { ownUsers } }: { readonly pinned: Pick<Pinned, 'ownUsers'> },
  protectedPeople: ReadonlySet<string>,
): boolean {
  return (
    account.protected ||
    account.administrator ||
    isOwnAccount(ownUsers, account) ||
    (account.person !== null && protectedPeople.has(account.person))
  );
}

/** Whether an account is that of a credential's own user, by any name that its owner may have written. */
function isOwnAccount(ownUsers: readonly string[], { vendorId, username, values }: AccountDocument): boolean {
  return isOwnUser(ownUsers, [vendorId, username, values['email']]);
}

/** What keeps somebody from being made inactive by a plan, or null: the same as keeps an account from a run (G7). */
export function whyProtected(
  person: PersonDocument,
  own: readonly AccountDocument[],
  ownUsers: OwnUsers,
): string | null {
  if (person.protected) return 'the person is protected';
  for (const account of own) {
    const what = whatIs(account, ownUsers);
    if (what !== null) return `the account ${account.username ?? account.vendorId} is ${what}`;
  }
  return null;
}

function whatIs(account: AccountDocument, ownUsers: OwnUsers): string | null {
  if (account.protected) return 'protected';
  if (account.administrator) return 'that of an administrator';
  const own = ownUsers.get(account.integration);
  const isOwn = own !== undefined && isOwnAccount(own, account);
  return isOwn ? 'the one that the credential of its integration belongs to' : null;
}
