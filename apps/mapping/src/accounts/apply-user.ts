import type { AccountDocument, ReadingDocument } from '@rollcall/collections';
import {
  accountId,
  type Created,
  hasVisibleCharacter,
  type Pinned,
  type RawUser,
  type Values,
} from '@rollcall/contracts';

export interface ObservedUser {
  readonly user: RawUser;
  readonly values: Values;
  /** Of everything that decides whether the account has to be written. */
  readonly hash: string;
  /** Epoch milliseconds when the page was asked for. */
  readonly askedAt: number;
}

/** Clocks of processes may differ by this much (P44); knowledge is older only beyond it (B10). */
export const clockToleranceMs = 2_000;

type Observed = Pick<AccountDocument, 'observedAt' | 'observedBy'>;

/** Noted while a clock was wrong: what it says of before and after is worth nothing. */
export function isFromTheFuture({ observedAt }: Observed, nowMs: number): boolean {
  return observedAt > nowMs + clockToleranceMs;
}

/**
 * A record older than what is already known of the account is seen but not applied (B10). A run is younger than all runs
 * before it, whatever clocks said: generations rise.
 */
export function isOutdated(account: Observed, askedAt: number, nowMs: number): boolean {
  if (account.observedBy !== 'command' || isFromTheFuture(account, nowMs)) return false;
  return askedAt + clockToleranceMs < account.observedAt;
}

/** Whether the account was known before a reading began that did not see it: else it may have come meanwhile (E1). */
export function isKnownSince(account: Observed, startedAt: number, nowMs: number): boolean {
  if (account.observedBy !== 'command' || isFromTheFuture(account, nowMs)) return true;
  return account.observedAt <= startedAt;
}

/** Whose an account is, or why that is not known. */
export type Link = Pick<AccountDocument, 'person' | 'passive' | 'error' | 'dormant'>;

/** A first sight of an account. A user first seen inactive is created inactive (D6); unknown is never inactive. */
export function newAccount(
  integration: string,
  pinned: Pinned,
  observed: ObservedUser,
  at: Created,
  link: Link,
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
    ...link,
    deactivated: null,
    created: at,
    hash: link.error ? null : observed.hash,
    observedAt: observed.askedAt,
    observedBy: 'run',
  };
}

/**
 * It was matched while it was inactive, to somebody who had left. Whose it is is asked before it is active again, so until
 * then nothing but a complete record, which takes its values, makes it so.
 */
export function isDormant({ dormant, person }: AccountDocument): boolean {
  return dormant === true && person !== null;
}

/** An undo took the account back; it comes again when the vendor lists the user again. */
export function isTakenBack({ retired }: AccountDocument): boolean {
  return retired?.run !== undefined;
}

/** Whether a run may take over what the vendor says of the account without its values. */
export function isMarkable({ retired }: AccountDocument, { preference }: Pick<Pinned, 'preference'>): boolean {
  return retired === undefined && preference !== 'create-only';
}

/** An account that an undo had taken back, as a run makes it anew when the vendor lists the user again. */
export function madeAgain(
  account: AccountDocument,
  { run, pinned }: Pick<ReadingDocument, 'run' | 'pinned'>,
  observed: ObservedUser,
  link: Link,
): AccountDocument {
  const { integration, created, revision } = account;
  const made = newAccount(integration, pinned, observed, created, link);
  return { ...made, revision, protected: account.protected, madeAgainBy: run };
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
  const { returns, reactivates } = returnOf(account, observed.user, restoresArchived);
  return {
    ...marked(account, pinned, observed, reactivates),
    values: observed.values,
    error: null,
    // A held account keeps no hash, so that every run looks at it and reports the difference (B9); one that the mapping
    // does not restore keeps none either, so that a run restores it once the mapping does.
    hash: account.hold === null && returns === reactivates ? observed.hash : null,
  };
}

/** What became of a record whose values are not written. */
export interface Refusal {
  /** False for a record that the rule of the mapping passes over, or cannot decide on: such records are not to be written. */
  readonly bringsBack: boolean;
}

/**
 * The account after a complete record of its user came whose values are not written (H2): what the vendor says of the
 * account itself is taken over, so that a leaver is staged whatever the record lacks; values and their error stay.
 */
export function markedOnly(
  account: AccountDocument,
  pinned: Pinned,
  observed: Omit<ObservedUser, 'values'>,
  { bringsBack }: Refusal,
  restoresArchived = true,
): AccountDocument {
  const { returns, reactivates } = returnOf(account, observed.user, restoresArchived && bringsBack);
  // What the rule says is part of the hash; what the mapping restores is not.
  const isSettled = returns === reactivates || !bringsBack;
  return {
    ...marked(account, pinned, observed, reactivates),
    hash: account.hold === null && account.error === null && isSettled ? observed.hash : null,
  };
}

function returnOf(
  account: AccountDocument,
  user: RawUser,
  mayReturn: boolean,
): { readonly returns: boolean; readonly reactivates: boolean } {
  const returns = !account.active && user.status === 'active' && account.hold === null;
  return { returns, reactivates: returns && mayReturn };
}

/** A name that the record lacks, or that shows nothing, is still the one by which the vendor was asked so far. */
function nameAfter(account: AccountDocument, { username }: RawUser): string | null {
  return username !== null && hasVisibleCharacter(username) ? username : account.username;
}

/** What belongs to the account and to no value of it. A run that gets here follows a preference under which it counts. */
function marked(
  account: AccountDocument,
  pinned: Pinned,
  { user, askedAt }: Omit<ObservedUser, 'values'>,
  reactivates: boolean,
): AccountDocument {
  return {
    ...account,
    app: pinned.content === 'user' ? null : pinned.app,
    content: pinned.content,
    active: account.active || reactivates,
    username: nameAfter(account, user),
    sourceStatus: user.status,
    role: user.role,
    lastActivityAt: user.lastActivityAt,
    administrator: user.administrator,
    passive: false,
    deactivated: reactivates ? null : account.deactivated,
    observedAt: askedAt,
    observedBy: 'run',
  };
}

/** The account after its line was executed. Clears the hash, so that the next run looks at it whatever it brings (B9). */
export function deactivated(account: AccountDocument, reading: ReadingDocument, time: string): AccountDocument {
  return {
    ...account,
    active: false,
    deactivated: { run: reading.run, time },
    hash: null,
    observedAt: Date.parse(reading.pinned.startedAt),
    observedBy: 'run',
  };
}
