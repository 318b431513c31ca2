import {
  type AccountDocument,
  countAccounts,
  type FoldSettingsDocument,
  type PersonDocument,
} from '@rollcall/collections';

import type { ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { AccountsBefore } from './accounts-before.js';
import { activityAfter } from './activity.js';
import { assignKeys, type KeyAssignment, type KeyClaim } from './assign-keys.js';
import { foldPerson, type FoldResult } from './fold-person.js';
import { KeyOwners } from './key-owners.js';
import { type KeyField, keyFieldsOf, keysOf } from './keys.js';
import { personIdOf } from './person-id.js';
import { deactivatedAfter, type PersonEdit, type PersonState, untouched } from './person-state.js';

/** Reads that a fold needs; each call is one round trip. */
export interface FoldReads {
  accountsById(ids: readonly string[]): Promise<AccountDocument[]>;
  /** Accounts linked to these people; those that are known already may be left out. */
  accountsOfPeople(people: readonly string[], known?: readonly string[]): Promise<AccountDocument[]>;
  /** Accounts of nobody, of which somebody must decide whether they belong to one of these people. */
  accountsWaitingFor(people: readonly string[]): Promise<AccountDocument[]>;
  peopleById(ids: readonly string[]): Promise<PersonDocument[]>;
  peopleByKey(keys: readonly string[]): Promise<PersonDocument[]>;
}

interface AccountState {
  readonly before: AccountDocument | null;
  draft: AccountDocument;
  origin: ChangeOrigin | null;
}

/** An account that adds nothing leaves its person as they are, byte for byte (D6); only lists count it. */
function concernsPerson(before: AccountDocument | null, { passive, active }: AccountDocument): boolean {
  return !passive || before?.passive === false || before?.active !== active;
}

/**
 * Accounts and people that one transaction is about to change, with everything that their folds read (B12). Accounts
 * are drafted here, people follow from them; `writeTo` turns the difference into a change set.
 */
export class FoldSession {
  private readonly accounts = new Map<string, AccountState>();
  private readonly people = new Map<string, PersonState>();
  private readonly accountsByPerson = new Map<string, Set<string>>();
  /** Accounts that wait, by the people whom they may belong to. */
  private readonly waiting = new Map<string, Set<string>>();
  private readonly keyFields: readonly KeyField[];
  private readonly keyOwners: KeyOwners;
  private readonly accountsBefore = new AccountsBefore(() => this.accounts.values());

  constructor(
    private readonly reads: FoldReads,
    readonly settings: FoldSettingsDocument,
    /** Keys that the database refused although nobody was seen to hold them (B14). */
    private readonly forcedRefusals: ReadonlySet<string> = new Set(),
  ) {
    this.keyFields = keyFieldsOf(settings);
    this.keyOwners = new KeyOwners(this.keyFields);
  }

  /**
   * Loads accounts by id, the people linked to them and those holding `keys`, and all accounts of these people.
   * @param matches whether accounts are about to be matched, for which those that wait must be known too
   */
  async load(
    accountIds: readonly string[],
    keys: readonly string[],
    personIds: readonly string[] = [],
    matches = false,
  ): Promise<void> {
    for (const account of await this.reads.accountsById(accountIds)) this.know(account);
    const linked = [...this.accounts.values()].flatMap(({ draft }) => draft.person ?? []);
    const [byId, byKey] = await Promise.all([
      this.reads.peopleById([...new Set([...linked, ...personIds])]),
      this.loadKeys(keys),
    ]);
    for (const person of byId) this.knowPerson(person);
    const found = [...new Set([...byId, ...byKey].map((person) => person._id))];
    const [siblings, waiting] = await Promise.all([
      this.reads.accountsOfPeople(found, [...this.accounts.keys()]),
      matches ? this.reads.accountsWaitingFor(byKey.map(({ _id }) => _id)) : [],
    ]);
    for (const account of [...siblings, ...waiting]) this.know(account);
  }

  account(id: string): AccountDocument | undefined {
    return this.accounts.get(id)?.draft;
  }

  person(id: string): PersonDocument | null {
    return this.people.get(id)?.before ?? null;
  }

  ownerOf(key: string): PersonDocument | undefined {
    return this.keyOwners.of(key);
  }

  /** Accounts of nobody that may belong to this person, as they are drafted by now. */
  *waitingFor(person: string): Iterable<AccountDocument> {
    for (const id of this.waiting.get(person) ?? []) {
      const { draft } = this.accounts.get(id)!;
      if (draft.person === null && draft.error?.candidates?.includes(person) === true) yield draft;
    }
  }

  *accountsOf(person: string): Iterable<AccountDocument> {
    for (const id of this.accountsByPerson.get(person) ?? []) yield this.accounts.get(id)!.draft;
  }

  /** A new person for an account that nobody matches. Their keys count at once for the users behind them in the slice. */
  createPerson(
    { values, ...of }: Pick<AccountDocument, 'values'> & { readonly account: string; readonly at: number },
    origin: ChangeOrigin,
  ): string {
    const id = personIdOf({ ...of, position: origin.position });
    this.people.set(id, { before: null, origin, ...untouched });
    const made: Pick<PersonDocument, '_id' | 'active' | 'hold' | 'values'> = {
      _id: id,
      active: true,
      hold: null,
      values,
    };
    this.keyOwners.addNew(made as PersonDocument, keysOf(values, this.keyFields).values());
    return id;
  }

  /** Drafts an account; its person, if any, will be folded. */
  draft(account: AccountDocument, origin: ChangeOrigin, sweptBy: string | null = null): void {
    const known = this.accounts.get(account._id);
    this.accounts.set(account._id, { before: known?.before ?? null, draft: account, origin });
    this.noteWaiting(account);
    if (account.person === null) return;
    this.link(account);
    if (concernsPerson(known?.before ?? null, account)) this.touchPerson(account.person, origin, sweptBy);
  }

  /** Takes an account out of everything: it belongs to nobody and no app, and its person is folded without it (D7). */
  retire(id: string, mark: NonNullable<AccountDocument['retired']>, origin: ChangeOrigin): void {
    const account = this.accounts.get(id)!.draft;
    const { person } = account;
    // By no run: an undo must not bring it back.
    const deactivated = { run: null, time: mark.at };
    const retired = { ...account, active: false, deactivated, person: null, app: null, error: null, hash: null };
    // What an undo took back comes again only by a page that was asked for after it.
    const undone = mark.run === undefined ? {} : ({ observedAt: Date.parse(mark.at), observedBy: 'command' } as const);
    this.draft({ ...retired, ...undone, retired: mark }, origin);
    if (person !== null) this.leave(id, person, origin);
  }

  /** Takes an account from its person, to wait for a decision. */
  unlink(id: string, error: NonNullable<AccountDocument['error']>, origin: ChangeOrigin): void {
    const { draft, origin: drafted } = this.accounts.get(id)!;
    this.draft({ ...draft, person: null, passive: false, error, hash: null }, drafted ?? origin);
    if (draft.person !== null) this.leave(id, draft.person, origin);
  }

  /** Takes an account from its person, who is folded without it. */
  disown(account: AccountDocument, origin: ChangeOrigin): void {
    const { person } = this.accounts.get(account._id)!.draft;
    this.draft({ ...account, person: null }, origin);
    if (person !== null) this.leave(account._id, person, origin);
  }

  private leave(account: string, person: string, origin: ChangeOrigin): void {
    this.accountsByPerson.get(person)?.delete(account);
    this.touchPerson(person, origin);
  }

  /** Marks a person for folding though none of their accounts changed. */
  touchPerson(id: string, origin: ChangeOrigin, sweptBy: string | null = null): void {
    const state = this.people.get(id);
    if (!state) throw new Error(`person ${id} was not loaded`);
    state.origin ??= origin;
    state.sweptBy ??= sweptBy;
  }

  changePerson(id: string, change: PersonEdit): void {
    Object.assign(this.people.get(id)!, change);
  }

  /** Folds the people touched, gives out keys, and writes everything that differs. Blamed accounts get an error (B9). */
  async writeTo(set: ChangeSet): Promise<{ blamed: ReadonlySet<string> }> {
    // Whoever was erased stays as they are, whatever concerns them: an undo, a link, a merge, a change of settings.
    const touched = [...this.people].filter(
      ([, { origin, before }]) => origin !== null && before?.erasedAt === undefined,
    );
    const claims = touched.map(([id, state]) => this.claimOf(id, state));
    await this.loadKeys(claims.flatMap(({ fold }) => [...keysOf(fold.values, this.keyFields).values()]));
    const assignments = assignKeys(claims, this.keyFields, (key) => this.storedOwnerOf(key), this.forcedRefusals);
    const blamed = this.blame(assignments);
    this.writeAccounts(set);
    for (const [id, state] of touched) this.writePerson(set, id, state, assignments.get(id)!);
    return { blamed };
  }

  private know(account: AccountDocument): void {
    if (this.accounts.has(account._id)) return;
    this.accounts.set(account._id, { before: account, draft: account, origin: null });
    this.noteWaiting(account);
    if (account.person !== null) this.link(account);
  }

  private noteWaiting({ _id, person, error }: AccountDocument): void {
    if (person !== null) return;
    for (const candidate of error?.candidates ?? []) {
      const known = this.waiting.get(candidate);
      if (known) known.add(_id);
      else this.waiting.set(candidate, new Set([_id]));
    }
  }

  /** An account has one person: linking it to another takes it from the one before. */
  private link(account: AccountDocument): void {
    const before = this.accounts.get(account._id)?.before?.person ?? null;
    if (before !== null && before !== account.person) this.accountsByPerson.get(before)?.delete(account._id);
    const linked = this.accountsByPerson.get(account.person!) ?? new Set();
    this.accountsByPerson.set(account.person!, linked.add(account._id));
  }

  private knowPerson(person: PersonDocument): void {
    if (this.people.has(person._id)) return;
    const { hold, protected: isProtected, overrides, mergedInto, undone = null } = person;
    const given = { hold, protected: isProtected, overrides, mergedInto, undone };
    this.people.set(person._id, { ...untouched, ...given, before: person, origin: null });
    this.keyOwners.add(person);
  }

  private async loadKeys(keys: readonly string[]): Promise<PersonDocument[]> {
    const owners = await this.reads.peopleByKey(this.keyOwners.unasked(keys));
    for (const owner of owners) this.knowPerson(owner);
    return owners;
  }

  /** Owner in the database; people made in this session claim like everybody else. */
  private storedOwnerOf(key: string): PersonDocument | undefined {
    const owner = this.keyOwners.of(key);
    return owner && this.people.get(owner._id)?.before ? owner : undefined;
  }

  private claimOf(id: string, state: PersonState): KeyClaim {
    const { before, hold, overrides, yields } = state;
    const held = before?.keys ?? [];
    // A merged person keeps their last values for the record, and no key and no activity with them (D7).
    if (state.mergedInto !== null)
      return { person: id, held, yields, fold: { values: {}, provenance: {}, active: false } };
    const last = state.previous ?? before;
    const previous = last && state.heldActive !== null ? { ...last, active: state.heldActive } : last;
    if (this.isUndone(id, state)) {
      const active = hold !== null && previous?.active === true;
      return { person: id, held, yields, fold: { values: {}, provenance: {}, active } };
    }
    const fold = foldPerson({ accounts: [...this.accountsOf(id)], overrides, hold, previous }, this.settings);
    return { person: id, held, yields, fold };
  }

  /** Whoever links an account to them, or merges somebody into them, makes them a person again. */
  private isUndone(id: string, { undone }: PersonState): boolean {
    return undone !== null && (this.accountsByPerson.get(id)?.size ?? 0) === 0;
  }

  private blame(assignments: ReadonlyMap<string, KeyAssignment>): ReadonlySet<string> {
    const blamed = new Set<string>();
    for (const { blamed: sources, refused } of assignments.values()) {
      for (const source of sources) {
        const state = this.accounts.get(source);
        if (!state) continue;
        blamed.add(source);
        if (state.origin === null) continue;
        state.draft = { ...state.draft, error: refused[0]!, hash: null };
      }
    }
    return blamed;
  }

  private writeAccounts(set: ChangeSet): void {
    for (const state of this.accounts.values()) {
      if (state.origin === null || state.before?.erasedAt !== undefined) continue;
      if (state.before === null) set.insertAccount(state.draft);
      else set.replaceAccount(state.before, state.draft, state.origin);
    }
  }

  private writePerson(set: ChangeSet, id: string, state: PersonState, assignment: KeyAssignment): void {
    const { fold, keys, refused } = assignment;
    const origin = state.origin!;
    const activity = state.before === null ? null : this.activityOf(id, state, state.before, fold.active);
    const common = {
      ...fold,
      ...countAccounts(this.accountsOf(id)),
      keys: keys.length > 0 ? keys : undefined,
      refused,
      hold: state.hold,
      protected: state.protected,
      overrides: state.overrides,
      mergedInto: state.mergedInto,
    };
    if (state.before === null) {
      set.insertPerson(newPerson(id, common, set.place(origin), this.settings.version));
      return;
    }
    const { active, due } = activity!;
    const isUndone = this.isUndone(id, state);
    const deactivated = deactivatedAfter(state, state.before, origin, { active, isUndone });
    const { undone: _undone, ...before } = state.before;
    const keepsValues = state.mergedInto !== null || isUndone;
    set.replacePerson(
      state.before,
      {
        ...before,
        ...common,
        ...(keepsValues ? { values: before.values, provenance: before.provenance } : {}),
        ...(isUndone ? { undone: state.undone! } : {}),
        active,
        due,
        deactivated,
        settingsVersion: this.settings.version,
      },
      origin,
    );
  }

  private activityOf(id: string, state: PersonState, before: PersonDocument, folded: boolean) {
    const { origin, planStep, mergedInto, hold, heldActive } = state;
    return activityAfter({
      before,
      folded,
      cause: origin!.cause,
      time: origin!.time,
      settings: this.settings,
      accountsBefore: () => this.accountsBefore.of(id),
      accountsAfter: () => [...this.accountsOf(id)],
      planStep,
      isSaid: mergedInto !== null || this.isUndone(id, state) || (hold !== null && heldActive === false),
    });
  }
}

/** What a fold makes of somebody who is not stored yet. */
type NewPerson = FoldResult &
  Pick<PersonDocument, 'keys' | 'refused' | 'hold' | 'protected' | 'overrides'> &
  ReturnType<typeof countAccounts>;

function newPerson(
  _id: string,
  common: NewPerson,
  created: PersonDocument['created'],
  settingsVersion: number,
): PersonDocument {
  return { _id, revision: 1, ...common, mergedInto: null, deactivated: null, created, fold: 1, settingsVersion };
}
