import type { AccountDocument, FoldSettingsDocument, PersonDocument } from '@rollcall/collections';

import type { ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { AccountsBefore } from './accounts-before.js';
import { activityAfter } from './activity.js';
import { assignKeys, type KeyAssignment, type KeyClaim } from './assign-keys.js';
import { foldPerson, type FoldResult } from './fold-person.js';
import { foldedFields, newPerson } from './folded-fields.js';
import { KeyOwners } from './key-owners.js';
import { type KeyField, keyFieldsOf, keysOf } from './keys.js';
import { withOtherKeys } from './other-keys.js';
import { personIdOf } from './person-id.js';
import { deactivatedAfter, type PersonEdit, type PersonState, untouched } from './person-state.js';
import { SessionAccounts } from './session-accounts.js';

/** Reads that a fold needs; each call is one round trip. */
export interface FoldReads {
  accountsById(ids: readonly string[]): Promise<AccountDocument[]>;
  /** Accounts linked to these people; those that are known already may be left out. */
  accountsOfPeople(people: readonly string[], known?: readonly string[]): Promise<AccountDocument[]>;
  /** Accounts of nobody, of which somebody must decide whether they belong to one of these people. */
  accountsWaitingFor(people: readonly string[]): Promise<AccountDocument[]>;
  /** Active accounts with one of these keys that their person does not hold; of each key a few. */
  accountsWithOtherKeys(keys: readonly string[]): Promise<AccountDocument[]>;
  peopleById(ids: readonly string[]): Promise<PersonDocument[]>;
  peopleByKey(keys: readonly string[]): Promise<PersonDocument[]>;
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
  private readonly accounts = new SessionAccounts();
  private readonly people = new Map<string, PersonState>();
  private readonly keyFields: readonly KeyField[];
  private readonly keyOwners: KeyOwners;
  private readonly accountsBefore = new AccountsBefore(() => this.accounts.all());

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
    for (const account of await this.reads.accountsById(accountIds)) this.accounts.know(account);
    const linked = [...this.accounts.all()].flatMap(({ draft }) => draft.person ?? []);
    const [byId, byKey] = await Promise.all([
      this.reads.peopleById([...new Set([...linked, ...personIds])]),
      this.loadKeys(keys),
    ]);
    for (const person of byId) this.knowPerson(person);
    const found = [...new Set([...byId, ...byKey].map((person) => person._id))];
    const [siblings, ...others] = await Promise.all([
      this.reads.accountsOfPeople(found, [...this.accounts.ids()]),
      matches ? this.reads.accountsWaitingFor(byKey.map(({ _id }) => _id)) : [],
      matches ? this.reads.accountsWithOtherKeys(keys.filter((key) => this.ownerOf(key) !== undefined)) : [],
    ]);
    for (const account of [siblings, ...others].flat()) this.accounts.know(account);
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
  waitingFor(person: string): Iterable<AccountDocument> {
    return this.accounts.waitingFor(person);
  }

  withOtherKey(key: string): Iterable<AccountDocument> {
    return this.accounts.withOtherKey(key);
  }

  *accountsOf(person: string): Iterable<AccountDocument> {
    for (const { draft } of this.accounts.of(person)) yield draft;
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
    const before = this.accounts.get(account._id)?.before;
    this.accounts.draft(account, origin);
    if (account.person === null) return;
    if (concernsPerson(before ?? null, account)) this.touchPerson(account.person, origin, sweptBy);
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
    this.accounts.leave(account, person);
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
    for (const [person, { fold }] of assignments) this.noteOtherKeys(person, fold);
    this.writeAccounts(set);
    for (const [id, state] of touched) this.writePerson(set, id, state, assignments.get(id)!);
    return { blamed };
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
    return undone !== null && !this.accounts.has(id);
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

  /** Accounts that did not change may have other keys now too: their person believes somebody else. */
  private noteOtherKeys(person: string, { values }: FoldResult): void {
    for (const state of this.accounts.of(person)) {
      const draft = withOtherKeys(state.draft, values, this.keyFields);
      if (draft === state.draft) continue;
      state.draft = draft;
      state.origin ??= this.people.get(person)!.origin;
    }
  }

  private writeAccounts(set: ChangeSet): void {
    for (const state of this.accounts.all()) {
      if (state.origin === null || state.before?.erasedAt !== undefined) continue;
      if (state.before === null) set.insertAccount(state.draft);
      else set.replaceAccount(state.before, state.draft, state.origin);
    }
  }

  private writePerson(set: ChangeSet, id: string, state: PersonState, assignment: KeyAssignment): void {
    const { fold } = assignment;
    const origin = state.origin!;
    const activity = state.before === null ? null : this.activityOf(id, state, state.before, fold.active);
    const common = foldedFields(assignment, state, this.accountsOf(id));
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
