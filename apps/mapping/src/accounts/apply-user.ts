import type { AccountDocument, ReadingDocument } from '@rollcall/collections';
import type { Created, Pinned, RawUser, Values } from '@rollcall/contracts';

export interface ObservedUser {
  readonly user: RawUser;
  readonly values: Values;
  readonly hash: string;
  /** Epoch milliseconds when the page was asked for. */
  readonly askedAt: number;
}

/** Clocks of processes may differ by this much (P44); knowledge is older only beyond it (B10). */
export const clockToleranceMs = 2_000;

/** A record older than what is already known of the account is seen but not applied (B10). */
export function isOutdated(account: AccountDocument, askedAt: number): boolean {
  return askedAt + clockToleranceMs < account.observedAt;
}

/** A first sight of an account. A user first seen inactive is created inactive (D6); unknown is never inactive. */
export function newAccount(
  integration: string,
  pinned: Pinned,
  observed: ObservedUser,
  at: Created,
  person: Pick<AccountDocument, 'person' | 'passive' | 'error'>,
): AccountDocument {
  const { user } = observed;
  return {
    _id: accountId(integration, user.id),
    revision: 1,
    integration,
    connector: pinned.connector,
    vendorId: user.id,
    username: user.username,
    app: pinned.content === 'user' ? null : pinned.app,
    content: pinned.content,
    active: user.status !== 'inactive',
    sourceStatus: user.status,
    role: user.role,
    lastActivityAt: user.lastActivityAt,
    administrator: user.administrator,
    protected: false,
    hold: null,
    values: observed.values,
    person: person.person,
    passive: person.passive,
    error: person.error,
    deactivated: null,
    created: at,
    hash: person.error ? null : observed.hash,
    observedAt: observed.askedAt,
  };
}

/**
 * The account after a user was seen again. Nobody turns inactive here: that is staged and judged (architecture 6).
 * Seen active again → reactivated, unless held (E8) or the mapping restores nobody (R60).
 */
export function seenAgain(
  account: AccountDocument,
  pinned: Pinned,
  observed: ObservedUser,
  restoresArchived = true,
): AccountDocument {
  const { user } = observed;
  const returns = !account.active && user.status === 'active' && account.hold === null;
  const reactivates = returns && restoresArchived;
  return {
    ...account,
    username: user.username,
    app: pinned.content === 'user' ? null : pinned.app,
    content: pinned.content,
    active: account.active || reactivates,
    sourceStatus: user.status,
    role: user.role,
    lastActivityAt: user.lastActivityAt,
    administrator: user.administrator,
    values: observed.values,
    deactivated: reactivates ? null : account.deactivated,
    error: null,
    // A held account keeps no hash, so that every run looks at it and reports the difference (B9); one that the mapping
    // does not restore keeps none either, so that a run restores it once the mapping does.
    hash: account.hold === null && returns === reactivates ? observed.hash : null,
    observedAt: Math.max(account.observedAt, observed.askedAt),
  };
}

/** The account after its line was executed. Clears the hash, so that the next run looks at it whatever it brings (B9). */
export function deactivated(account: AccountDocument, reading: ReadingDocument, time: string): AccountDocument {
  return {
    ...account,
    active: false,
    deactivated: { run: reading.run, time },
    hash: null,
    observedAt: Math.max(account.observedAt, Date.parse(reading.pinned.startedAt)),
  };
}

export function accountId(integration: string, vendorId: string): string {
  return `${integration}:${vendorId}`;
}
