/**
 * What accounts and people must be after what happened, written from the rules alone (protocol D and E, requirements
 * D7): no code of mapping is used. Which person an account belongs to, and which values were refused because another
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
  deactivatedBy: string | null;
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

export interface ReadOutcome {
  readonly staged: string[];
  readonly protectedLines: number;
  readonly created: number;
  readonly reactivated: number;
}

/** Given from outside: account → person. */
export type Links = ReadonlyMap<string, string | null>;

export class RecordModel {
  readonly integrations = new Map<string, ModelIntegration>();
  readonly accounts = new Map<string, ModelAccount>();
  private readonly people = new Map<string, ModelPerson>();
  /** Accounts that became inactive in the step that is not settled yet. */
  private lost = new Set<string>();

  /** A complete read: creates and updates at once, and who would be deactivated (E1, E8, D6). */
  read(integration: string, users: readonly ListedUser[], links: Links): ReadOutcome {
    const known = [...this.accounts.values()].filter((account) => account.integration === integration);
    const isFirst = !known.some(({ active }) => active);
    const seen = new Set<string>();
    let created = 0;
    let reactivated = 0;
    for (const user of users) {
      const id = `${integration}:${user.id}`;
      seen.add(id);
      const account = this.accounts.get(id);
      if (account === undefined) {
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
          deactivatedBy: null,
        });
        continue;
      }
      account.status = user.status;
      account.administrator = user.administrator;
      account.username = user.username;
      if (!user.isSpoiled) account.values = valuesOf(user);
      if (!account.active && user.status === 'active' && !account.held) {
        account.active = true;
        account.deactivatedBy = null;
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
      account.active = false;
      account.deactivatedBy = run;
      this.lost.add(id);
      executed += 1;
    }
    return executed;
  }

  /** Everybody whose last deactivation is this run's comes back (E5). */
  undo(run: string): number {
    const back = [...this.accounts.values()].filter((one) => !one.active && one.deactivatedBy === run);
    for (const account of back) {
      account.active = true;
      account.deactivatedBy = null;
    }
    return back.length;
  }

  holdAccount(id: string, hold: boolean, active: boolean | null): void {
    const account = this.accounts.get(id)!;
    account.held = hold;
    if (active === null || active === account.active) return;
    if (!active) this.lost.add(id);
    account.active = active;
    account.deactivatedBy = null;
  }

  protectAccount(id: string, isProtected: boolean): void {
    this.accounts.get(id)!.protected = isProtected;
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
   * What follows for people from a step. `decides` = a judged sweep or a word of a person, which make people inactive where
   * they are the cause; settings and reads only mark them (ADR 0013).
   */
  settle(decides: boolean, links: Links): void {
    for (const id of new Set(links.values())) if (id !== null) this.settleOne(id, decides, links);
    this.lost = new Set();
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
    const losesLast = own.some((one) => this.lost.has(one.id)) && !own.some((one) => one.active);
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
