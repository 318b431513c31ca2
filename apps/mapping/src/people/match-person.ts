import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import { defaultMatchingRules, type MatchingRules, type Values } from '@rollcall/contracts';

import { type KeyField, keyOf } from './keys.js';
import { namesContradict } from './names.js';

export type Match =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'person';
      readonly person: string;
      /** Field of the first sync key that is theirs. */ readonly by: string;
      /** The account is inactive, and so is everything that they have: the question comes once it is active. */
      readonly isDormant: boolean;
    }
  | Undecided;

export interface Undecided {
  readonly kind: 'undecided';
  readonly code: string;
  readonly message: string;
  /** Whom the keys belong to: somebody decides among them, or for a new person. */
  readonly candidates: readonly string[];
  /** For a second account: the first one, if it has the same value, and the field of that. */
  readonly shared?: { readonly account: string; readonly field: string };
}

type Owner = Pick<PersonDocument, '_id' | 'active' | 'hold' | 'values'>;
type Linked = Pick<AccountDocument, '_id' | 'integration' | 'vendorId' | 'active' | 'values'>;

export interface Matching {
  /** Owner of a key, with merges already followed. */
  ownerOf(key: string): Owner | undefined;
  /** Accounts linked to a person, those of this slice included. */
  accountsOf(person: string): Iterable<Linked>;
  /** Accounts that wait for a decision and may be this person's, those of this slice included. */
  waitingFor(person: string): Iterable<Linked>;
  /** Accounts with a key that their own person does not hold, when they were last looked at. */
  withOtherKey(key: string): Iterable<Linked & Pick<AccountDocument, 'person'>>;
}

export interface MatchedAccount {
  readonly id: string;
  readonly integration: string;
  /** As the account will be stored. An inactive one brings nobody back. */
  readonly active: boolean;
  readonly values: Values;
}

/**
 * Finds the person of an account by the sync keys in their order (D5). What may join two humans waits for a decision of a
 * person: keys of several people, a second account of the same integration, a key that several users share; and, unless
 * the mapping allows it, an active account of somebody who left, and names that have nothing in common.
 */
export function matchPerson(
  account: MatchedAccount,
  syncKeys: readonly KeyField[],
  matching: Matching,
  rules: MatchingRules = defaultMatchingRules,
): Match {
  const matches = new Map<string, { readonly owner: Owner; readonly by: KeyField }>();
  for (const field of syncKeys) {
    const key = keyOf(field, account.values[field.field]);
    const owner = key === null ? undefined : matching.ownerOf(key);
    if (owner && !matches.has(owner._id)) matches.set(owner._id, { owner, by: field });
  }
  const [first] = matches.values();
  if (first === undefined) return { kind: 'none' };
  if (matches.size > 1) {
    return undecided(
      'several-matches',
      `Its sync keys belong to ${matches.size} different people. It belongs to nobody until the keys are corrected at the vendor, or somebody links it to a person.`,
      [...matches.keys()],
    );
  }
  const person = first.owner._id;
  const found = { account, ...first, matching, rules, own: ownAccounts(first.owner, account, matching) };
  return secondAccount(found) ?? doubtful(found) ?? { kind: 'person', person, by: first.by.field, ...dormancy(found) };
}

function dormancy({ account, owner, own, rules }: Found): { readonly isDormant: boolean } {
  return { isDormant: rules.inactivePeople === 'review' && !account.active && hasLeft(owner, own) };
}

function ownAccounts({ _id: person }: Owner, account: MatchedAccount, matching: Matching): Linked[] {
  return [...matching.accountsOf(person)].filter(({ _id }) => _id !== account.id);
}

interface Found {
  readonly account: MatchedAccount;
  readonly owner: Owner;
  readonly by: KeyField;
  readonly matching: Matching;
  readonly rules: MatchingRules;
  /** Accounts of the owner, without this one. */
  readonly own: readonly Linked[];
}

function secondAccount({ account, owner, by, own }: Found): Undecided | null {
  const second = own.find(({ integration }) => integration === account.integration);
  if (second === undefined) return null;
  const message = `The same person already has account ${second.vendorId} of this integration. This one belongs to nobody until the e-mail is corrected at the vendor, or somebody links it to a person.`;
  const isSame = keyOf(by, second.values[by.field]) === keyOf(by, account.values[by.field]);
  return {
    ...undecided('second-account', message, [owner._id]),
    ...(isSame && { shared: { account: second._id, field: by.field } }),
  };
}

function doubtful(found: Found): Undecided | null {
  const { account, owner, by, rules } = found;
  const others = peopleWithKey(found);
  if (others.length > 0 || isShared(found)) return sharedKey(by.field, [owner._id, ...others]);
  if (rules.inactivePeople === 'review' && account.active && hasLeft(owner, found.own)) {
    const message = `Its value of "${by.field}" belongs to somebody who has no active account any more, so it may have been given to somebody else. It belongs to nobody until somebody links it to that person, who then comes back, or to a new one.`;
    return undecided('left-person', message, [owner._id]);
  }
  if (rules.differentNames === 'review' && namesContradict(account.values, owner.values)) {
    const message = `Its value of "${by.field}" belongs to somebody whose name has no word in common with the name of this account. It belongs to nobody until a name or the value is corrected at the vendor, or somebody links it to a person.`;
    return undecided('different-names', message, [owner._id]);
  }
  return null;
}

/**
 * Two users of one vendor who have the key: a mailbox of several, which says nothing of who has it elsewhere. Accounts that
 * belong to the owner count as one, because somebody decided so.
 */
function isShared({ account, owner, by, matching, own }: Found): boolean {
  const key = keyOf(by, account.values[by.field]);
  const hasKey = ({ _id, active, values }: Linked) =>
    active && _id !== account.id && keyOf(by, values[by.field]) === key;
  const users = new Set([account.integration, ...own.filter(hasKey).map(({ integration }) => integration)]);
  for (const waiting of matching.waitingFor(owner._id)) {
    if (!hasKey(waiting)) continue;
    if (users.has(waiting.integration)) return true;
    users.add(waiting.integration);
  }
  return false;
}

/** Other people of whom an account has the key, though they do not hold it. */
function peopleWithKey({ account, owner, by, matching }: Found): string[] {
  const key = keyOf(by, account.values[by.field])!;
  const people = new Set<string>();
  for (const { active, person, values } of matching.withOtherKey(key)) {
    if (active && person !== null && person !== owner._id && keyOf(by, values[by.field]) === key) people.add(person);
  }
  return [...people].sort();
}

export function sharedKey(field: string, candidates: readonly string[]): Undecided {
  const message = `Several users have its value of "${field}", so it does not say who this is. It belongs to nobody until each has a value of their own, or somebody links it to a person.`;
  return undecided('shared-key', message, candidates);
}

/** Somebody without any account is as they were left: their integration may have been taken away, and come again. */
export function hasLeft(
  { active, hold }: Pick<PersonDocument, 'active' | 'hold'>,
  own: readonly Pick<AccountDocument, 'active'>[],
): boolean {
  return own.length === 0 || hold !== null ? !active : own.every((account) => !account.active);
}

function undecided(code: string, message: string, candidates: readonly string[]): Undecided {
  return { kind: 'undecided', code, message, candidates };
}
