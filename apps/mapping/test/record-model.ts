/**
 * What accounts and people must be after what happened, written from the rules alone (protocol D and E):
 * no code of mapping is used. Which person an account belongs to, and which values were refused because another
 * person holds them, are taken as given: the model says what follows from them.
 */

export interface ListedUser {
  readonly id: string;
  readonly status: 'active' | 'inactive' | 'unknown';
  readonly email: string;
  readonly username: string;
  readonly name: string;
  readonly administrator: boolean;
  /** A required value is missing: the values are not written, and what is said of the account counts. */
  readonly isSpoiled: boolean;
}

export interface ModelIntegration {
  priority: number;
  authoritative: boolean;
}

export interface ModelAccount {
  readonly id: string;
  readonly integration: string;
  readonly vendorId: string;
  active: boolean;
  status: ListedUser['status'];
  administrator: boolean;
  username: string;
  values: { email: string; display_name: string };
  held: boolean;
  protected: boolean;
  /** The run that made it, last. */
  madeBy: string;
  /** An undo took it back. */
  isGone: boolean;
  readonly writes: FieldWrites;
}

interface ModelPerson {
  held: boolean;
  heldActive: boolean;
  protected: boolean;
  overrides: Record<string, string>;
  active: boolean;
  /** Their accounts say inactive, and only a people plan may make them so. */
  due: boolean;
  isNew: boolean;
}

export interface UndoOutcome {
  readonly reactivated: number;
  readonly deactivated: number;
  readonly takenBack: number;
}

export interface ReadOutcome {
  readonly staged: string[];
  readonly protectedLines: number;
  readonly created: number;
  readonly reactivated: number;
}

/** Given from outside: account → person. */
export type Links = ReadonlyMap<string, string | null>;

/** Given from outside: accounts of which it is asked whose they are before they are active again. */
export type Dormant = ReadonlySet<string>;

/** Given from outside: person → the run that made them. */
export type Makers = ReadonlyMap<string, string>;

/** Fields whose values the model knows. */
const fields = ['active', 'status', 'administrator', 'username', 'email', 'display_name'] as const;
type Known = (typeof fields)[number];

export class RecordModel {
  readonly integrations = new Map<string, ModelIntegration>();
  readonly accounts = new Map<string, ModelAccount>();
  private readonly people = new Map<string, ModelPerson>();
  /** Accounts that became inactive in the step that is not settled yet. */
  private lost = new Set<string>();
  /** People who lost an active account of theirs in that step, because it belongs to nobody any more. */
  private bereft = new Set<string>();
  private readonly undone = new Set<string>();

  /** A complete read: creates and updates at once, and who would be deactivated (E1, E8, D6). */
  read(run: string, integration: string, users: readonly ListedUser[], links: Links, dormant: Dormant): ReadOutcome {
    const known = [...this.accounts.values()].filter((account) => account.integration === integration);
    const isFirst = !known.some(({ active }) => active);
    const seen = new Set<string>();
    let created = 0;
    let reactivated = 0;
    for (const user of users) {
      const id = `${integration}:${user.id}`;
      seen.add(id);
      const account = this.accounts.get(id);
      if (account === undefined || account.isGone) {
        if (user.isSpoiled) continue;
        created += 1;
        this.accounts.set(id, {
          id,
          integration,
          vendorId: user.id,
          active: user.status !== 'inactive',
          status: user.status,
          administrator: user.administrator,
          username: user.username,
          values: valuesOf(user),
          held: false,
          protected: false,
          madeBy: run,
          isGone: false,
          writes: new FieldWrites(),
        });
        continue;
      }
      const { status, administrator, username } = user;
      write(account, run, { status, administrator, username, ...(user.isSpoiled ? {} : valuesOf(user)) });
      if (user.status === 'active' && mayReturn(account, user, dormant)) {
        write(account, run, { active: true });
        reactivated += 1;
      }
    }
    const leaving = isFirst ? [] : known.filter((one) => one.active && !one.held && leaves(one, seen.has(one.id)));
    const isSafe = (account: ModelAccount) => this.isProtected(account, links);
    return {
      staged: leaving.map(({ id }) => id).sort(),
      protectedLines: leaving.filter(isSafe).length,
      created,
      reactivated,
    };
  }

  /** The guard let the plan pass (E2). Returns how many lines were carried out. */
  sweep(run: string, staged: readonly string[], links: Links): number {
    let executed = 0;
    for (const id of staged) {
      const account = this.accounts.get(id)!;
      if (!account.active || account.held || this.isProtected(account, links)) continue;
      write(account, run, { active: false });
      this.lost.add(id);
      executed += 1;
    }
    return executed;
  }

  /** What the run did and nobody changed since is as it was (H7). */
  undo(run: string, links: Links, makers: Makers): UndoOutcome {
    const outcome = { reactivated: 0, deactivated: 0, takenBack: 0 };
    this.undone.add(run);
    const own = [...this.accounts.values()].filter((account) => !account.isGone);
    const left = new Map(links);
    // Accounts that it made go first, in the order of their ids.
    for (const account of own.sort((a, b) => textOrder(a.id, b.id))) {
      if (account.madeBy !== run || this.staysThough(account, run, links)) continue;
      if (this.standsForEdited(account, left, makers)) continue;
      account.isGone = true;
      account.active = false;
      left.set(account.id, null);
      outcome.takenBack += 1;
    }
    for (const account of own) {
      if (account.madeBy === run) continue;
      const wasActive = account.active;
      this.restore(account, run, links);
      if (account.active !== wasActive) outcome[account.active ? 'reactivated' : 'deactivated'] += 1;
      if (wasActive && !account.active) this.lost.add(account.id);
    }
    return outcome;
  }

  /** It is not as the run made it, or nobody may take it away. */
  private staysThough(account: ModelAccount, run: string, links: Links): boolean {
    return account.writes.byOthers(run) || account.held || this.isProtected(account, links);
  }

  /** What the model does not foresee of an account, and who changed it: that it belongs to another, or has an error. */
  note(id: string, by: string, field: 'person' | 'error', old: unknown): void {
    this.accounts.get(id)!.writes.add(field, by, old);
  }

  /** An undo gave such a field its old value. */
  noteUndone(id: string, run: string, field: 'person' | 'error'): void {
    this.accounts.get(id)!.writes.takeBack(field, run);
  }

  /** An active account of this person belongs to nobody any more. */
  noteLoss(personId: string): void {
    this.bereft.add(personId);
  }

  private restore(account: ModelAccount, run: string, links: Links): void {
    for (const field of fields) {
      const old = account.writes.before(field, run);
      if (old === undefined || old === valueOf(account, field)) continue;
      if (field === 'active' && (account.held || (old === false && this.isProtected(account, links)))) continue;
      account.writes.takeBack(field, run);
      set(account, field, old);
    }
  }

  /** The person has no other account, was made by a run that is undone, and somebody has edited them. */
  private standsForEdited(account: ModelAccount, links: Links, makers: Makers): boolean {
    const owner = links.get(account.id) ?? null;
    if (owner === null || !this.undone.has(makers.get(owner) ?? '')) return false;
    const { held, overrides } = this.personOf(owner);
    const isLast = [...links].filter(([, one]) => one === owner).length === 1;
    return isLast && (held || Object.keys(overrides).length > 0);
  }

  holdAccount(id: string, hold: boolean, active: boolean | null): void {
    const account = this.accounts.get(id)!;
    // Naming the hold anew is a change as well.
    if (hold || account.held) account.writes.add('hold', person, null);
    account.held = hold;
    if (active === null || active === account.active) return;
    if (!active) this.lost.add(id);
    write(account, person, { active });
  }

  protectAccount(id: string, isProtected: boolean): void {
    const account = this.accounts.get(id)!;
    if (account.protected !== isProtected) account.writes.add('protected', person, account.protected);
    account.protected = isProtected;
  }

  protectPerson(id: string, isProtected: boolean): void {
    this.personOf(id).protected = isProtected;
  }

  override(id: string, field: string, value: string | null): void {
    const { overrides } = this.personOf(id);
    if (value === null) delete overrides[field];
    else overrides[field] = value;
  }

  holdPerson(id: string, hold: boolean, active: boolean | null): void {
    const person = this.personOf(id);
    person.held = hold;
    if (hold) person.heldActive = active ?? person.active;
  }

  /**
   * What follows for people from a step. `decides` = a judged sweep, an undo or a word of a person, which make people inactive where
   * they are the cause; settings and reads only mark them (ADR 0013).
   */
  settle(decides: boolean, links: Links): void {
    for (const id of new Set(links.values())) if (id !== null) this.settleOne(id, decides, links);
    this.lost = new Set();
    this.bereft = new Set();
  }

  /** A people plan was carried out, or taken back; which ones the guard let pass is taken as given. */
  carryOut(id: string): void {
    Object.assign(this.personOf(id), { active: false, due: false });
  }

  takeBack(id: string): void {
    Object.assign(this.personOf(id), { active: true, due: true });
  }

  isActive(id: string): boolean {
    return this.personOf(id).active;
  }

  private settleOne(id: string, decides: boolean, links: Links): void {
    const person = this.personOf(id);
    const active = this.saysActive(person, id, links);
    const own = this.accountsOf(id, links);
    const loses = this.bereft.has(id) || own.some((one) => this.lost.has(one.id));
    const losesLast = loses && !own.some((one) => one.active);
    const isCaused = decides && (!person.due || losesLast);
    if (active || person.isNew) Object.assign(person, { active, due: false, isNew: false });
    else if (person.held || isCaused) Object.assign(person, { active: false, due: false });
    else if (person.active) person.due = true;
  }

  /** D3, given who belongs to them. */
  private saysActive(person: ModelPerson, id: string, links: Links): boolean {
    if (person.held) return person.heldActive;
    const own = this.accountsOf(id, links);
    const trusted = own.filter(({ integration }) => this.integrations.get(integration)!.authoritative);
    const deciding = trusted.length > 0 ? trusted : own;
    return deciding.some((account) => account.active);
  }

  /** D2: overrides, else the first account in its order that has a value. */
  valuesOf(id: string, links: Links): Record<string, string> {
    const own = this.accountsOf(id, links).sort(
      (a, b) =>
        Number(b.active) - Number(a.active) ||
        this.integrations.get(a.integration)!.priority - this.integrations.get(b.integration)!.priority ||
        // Ids of accounts begin with their integration: two of equal priority have an order all the same.
        textOrder(a.vendorId, b.vendorId) ||
        textOrder(a.id, b.id),
    );
    const values: Record<string, string> = {};
    for (const account of own) for (const [field, value] of Object.entries(account.values)) values[field] ??= value;
    return { ...values, ...this.personOf(id).overrides };
  }

  private accountsOf(person: string, links: Links): ModelAccount[] {
    return [...this.accounts.values()].filter(({ id }) => links.get(id) === person);
  }

  private isProtected(account: ModelAccount, links: Links): boolean {
    const person = links.get(account.id) ?? null;
    return account.protected || account.administrator || (person !== null && this.personOf(person).protected);
  }

  private personOf(id: string): ModelPerson {
    const known = this.people.get(id);
    if (known !== undefined) return known;
    const state = { held: false, heldActive: true, protected: false, overrides: {} };
    const person = { ...state, active: true, due: false, isNew: true };
    this.people.set(id, person);
    return person;
  }
}

/** Who wrote each field of an account, from which value; what an undo took back is not in it. */
class FieldWrites {
  private readonly writes = new Map<string, { by: string; old: unknown }[]>();

  add(field: string, by: string, old: unknown): void {
    this.writes.set(field, [...this.of(field), { by, old }]);
  }

  byOthers(run: string): boolean {
    return [...this.writes.values()].some((writes) => writes.length > 0 && writes.at(-1)!.by !== run);
  }

  /** Value before the last writes, if they are all of this run; undefined if they are not. */
  before(field: string, run: string): unknown {
    return this.of(field)[this.firstOfLast(field, run)]?.old;
  }

  takeBack(field: string, run: string): void {
    this.writes.set(field, this.of(field).slice(0, this.firstOfLast(field, run)));
  }

  private firstOfLast(field: string, run: string): number {
    const writes = this.of(field);
    let first = writes.length;
    while (writes[first - 1]?.by === run) first -= 1;
    return first;
  }

  private of(field: string): { by: string; old: unknown }[] {
    return this.writes.get(field) ?? [];
  }
}

const person = 'a person';

function write(account: ModelAccount, by: string, next: Partial<Record<Known, unknown>>): void {
  for (const [field, value] of Object.entries(next) as [Known, unknown][]) {
    if (valueOf(account, field) === value) continue;
    account.writes.add(field, by, valueOf(account, field));
    set(account, field, value);
  }
}

function valueOf(account: ModelAccount, field: Known): unknown {
  return field === 'email' || field === 'display_name' ? account.values[field] : account[field];
}

function set(account: ModelAccount, field: Known, value: unknown): void {
  if (field === 'email' || field === 'display_name') account.values = { ...account.values, [field]: value };
  else Object.assign(account, { [field]: value });
}

function valuesOf({ email, name }: ListedUser): ModelAccount['values'] {
  return { email, display_name: name };
}

function textOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Absent, or marked inactive by the source; a status that cannot be read is no reason. */
function leaves({ status }: ModelAccount, isSeen: boolean): boolean {
  return isSeen ? status === 'inactive' : true;
}

/** Whose a dormant account is is asked first, which takes its values. */
function mayReturn({ id, active, held }: ModelAccount, { isSpoiled }: ListedUser, dormant: Dormant): boolean {
  return !active && !held && !(isSpoiled && dormant.has(id));
}
