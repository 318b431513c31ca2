import type { AccountDocument } from '@rollcall/collections';

import type { ChangeOrigin } from '../changes/change-set.js';

export interface AccountState {
  readonly before: AccountDocument | null;
  draft: AccountDocument;
  /** Null: nothing of it changes. */
  origin: ChangeOrigin | null;
}

/** The accounts of a fold session, as they are stored and drafted, and by whom and what they are found. */
export class SessionAccounts {
  private readonly states = new Map<string, AccountState>();
  private readonly byPerson = new Map<string, Set<string>>();
  /** Accounts that wait, by the people whom they may belong to. */
  private readonly waiting = new Map<string, Set<string>>();
  private readonly byOtherKey = new Map<string, Set<string>>();

  ids(): Iterable<string> {
    return this.states.keys();
  }

  all(): Iterable<AccountState> {
    return this.states.values();
  }

  get(id: string): AccountState | undefined {
    return this.states.get(id);
  }

  /** Of a person, as they are drafted by now. */
  *of(person: string): Iterable<AccountState> {
    for (const id of this.byPerson.get(person) ?? []) yield this.states.get(id)!;
  }

  has(person: string): boolean {
    return (this.byPerson.get(person)?.size ?? 0) > 0;
  }

  *waitingFor(person: string): Iterable<AccountDocument> {
    for (const id of this.waiting.get(person) ?? []) {
      const { draft } = this.states.get(id)!;
      if (draft.person === null && draft.error?.candidates?.includes(person) === true) yield draft;
    }
  }

  *withOtherKey(key: string): Iterable<AccountDocument> {
    for (const id of this.byOtherKey.get(key) ?? []) yield this.states.get(id)!.draft;
  }

  /** One that the database knows. */
  know(account: AccountDocument): void {
    if (this.states.has(account._id)) return;
    this.put({ before: account, draft: account, origin: null });
  }

  draft(account: AccountDocument, origin: ChangeOrigin): void {
    this.put({ before: this.states.get(account._id)?.before ?? null, draft: account, origin });
  }

  leave(account: string, person: string): void {
    this.byPerson.get(person)?.delete(account);
  }

  private put(state: AccountState): void {
    const { _id, person, error, otherKeys = [] } = state.draft;
    this.states.set(_id, state);
    for (const key of otherKeys) note(this.byOtherKey, key, _id);
    if (person === null) for (const candidate of error?.candidates ?? []) note(this.waiting, candidate, _id);
    else this.link(state, person);
  }

  /** An account has one person: linking it to another takes it from the one before. */
  private link({ before, draft }: AccountState, person: string): void {
    const last = before?.person ?? null;
    if (last !== null && last !== person) this.leave(draft._id, last);
    note(this.byPerson, person, draft._id);
  }
}

function note(index: Map<string, Set<string>>, by: string, account: string): void {
  const known = index.get(by);
  if (known) known.add(account);
  else index.set(by, new Set([account]));
}
