import { isDeepStrictEqual } from 'node:util';

import type { AccountDocument, PreviewLineDocument, ReadingDocument, SeenDocument } from '@rollcall/collections';
import type { PreviewRule, RawUser } from '@rollcall/contracts';

import type { ChangeSet } from '../changes/change-set.js';
import type { FoldSession } from '../people/fold-session.js';
import type { KeyField } from '../people/keys.js';
import type { Match } from '../people/match-person.js';
import type { KnownAccount } from '../people/people-reads.repository.js';
import type { AppliedLines } from '../previews/previews.service.js';
import type { Candidate, MappedSlice } from './mapped-slice.js';

export type Effect = NonNullable<PreviewLineDocument['inline']>;

/** One slice on its way from what was observed to what is written. */
export interface Work {
  readonly mapped: MappedSlice;
  readonly fold: FoldSession;
  readonly set: ChangeSet;
  readonly seen: SeenDocument;
  /** All that a run may do that applies a preview; null for any other run (E7). */
  readonly applied: AppliedLines | null;
  /** How accounts came to their people, for previews. */
  readonly rules: Map<string, PreviewRule>;
}

/** Another hash; or an account that adds nothing to its person, though the preference of this run says that it does. */
export function isLookedAt(known: KnownAccount | undefined, hash: string, { pinned }: ReadingDocument): boolean {
  return known?.hash !== hash || (known.passive && pinned.preference !== 'create-only');
}

export function effectOf(before: AccountDocument, after: AccountDocument): Effect {
  return !before.active && after.active ? 'reactivate' : 'update';
}

export function isSameButObserved(before: AccountDocument, after: AccountDocument): boolean {
  return isDeepStrictEqual({ ...before, observedAt: 0 }, { ...after, observedAt: 0 });
}

/** Whether the account came to a person of others in this run, by its values alone. */
export function wasMatchedBy(account: AccountDocument, run: string, fold: FoldSession): boolean {
  const { _id, hash, person } = account;
  if (person === null || hash === null || makerOf(account) !== run) return false;
  return [...fold.accountsOf(person)].some((other) => other._id !== _id);
}

/** The run that made the account, last. */
function makerOf({ madeAgainBy, created: { cause } }: AccountDocument): string | null {
  return madeAgainBy ?? (cause.kind === 'run' ? cause.run : null);
}

/**
 * Whether an applied preview foretold the same effect on the same account, with the same person (E7).
 * @param owner the person; or that nobody is matched yet, or several are
 */
export function matchesPreview({ applied }: Work, account: string, effect: Effect, owner: string): boolean {
  if (applied === null) return true;
  const line = applied.get(account);
  if (line?.inline !== effect) return false;
  const foretold = line.isNewPerson ? 'none' : (line.person ?? 'undecided');
  return foretold === owner;
}

export function noteReturn({ seen, rules }: Work, account: string): void {
  seen.reactivated += 1;
  if (rules.has(account)) return;
  rules.set(account, { code: 'seen-again', text: 'The vendor says that the account is active again.' });
}

export function ruleOf(match: Match, syncKeys: readonly KeyField[]): PreviewRule {
  const names = syncKeys.map(({ field }) => field);
  switch (match.kind) {
    case 'person':
      return { code: 'matched', text: `Its value of the sync key "${match.by}" belongs to that person.` };
    case 'none':
      return { code: 'no-match', text: `Nobody has its values of the sync keys (${names.join(', ')}).` };
    case 'undecided':
      return { code: 'undecided', text: match.message };
  }
}

export function differsFromSource(active: boolean, user: RawUser): boolean {
  return user.status !== 'unknown' && (user.status === 'active') !== active;
}

/** A field that could not be made keeps the value that it had: a mistake in an expression empties nothing. */
export function withKept(candidate: Candidate, before: AccountDocument): Candidate {
  if (candidate.failures.length === 0) return candidate;
  const kept = candidate.failures.map(({ to }) => [to, before.values[to] ?? null] as const);
  return { ...candidate, values: { ...candidate.values, ...Object.fromEntries(kept) } };
}
