import type { Account, AccountShape, Attributes } from './account.js';

type Described = Omit<Account, 'personId' | 'json'>;

const NO_GROUPS: readonly string[] = [];

/** All accounts of one vendor, in the vendor's unsorted order, with look-ups by id and user name. */
export class Directory {
  /** E-mails invited but not yet accepted; only some vendors list them. */
  readonly invitations = new Set<string>();
  private readonly list: Account[] = [];
  private readonly byId = new Map<string, Account>();
  private readonly byUsername = new Map<string, Account>();
  private sorted: readonly Account[] | null = null;
  private made = 0;

  constructor(readonly shape: AccountShape) {}

  get accounts(): readonly Account[] {
    return this.list;
  }

  /** Number for the next account ever made here; never given twice. */
  nextSerial(): number {
    this.made += 1;
    return this.made;
  }

  /** Ascending by id; kept until an account comes or goes, because every page of a listing asks for it. */
  sortedById(): readonly Account[] {
    this.sorted ??= [...this.list].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
    return this.sorted;
  }

  /** The first account under this id: planted twins are only reachable by listing. */
  find(id: string): Account | null {
    return this.byId.get(id) ?? null;
  }

  findByUsername(username: string): Account | null {
    return this.byUsername.get(username) ?? null;
  }

  /** Linear: e-mails need not be unique. */
  findByEmail(email: string): Account | null {
    return this.list.find((account) => account.email === email) ?? null;
  }

  add(id: string, attributes: Attributes, personId: string | null): Account {
    return this.file(this.describe(id, attributes), JSON.stringify(attributes), personId);
  }

  /** Stores wire text as it is, however odd; also under an id that exists already. */
  plant(id: string, json: string, personId: string | null = null): Account {
    return this.file(this.describe(id, parseObject(json)), json, personId);
  }

  /** Changes the wire object; answers whether its text is different afterwards. */
  update(account: Account, change: (attributes: Attributes) => void): boolean {
    const attributes = attributesOf(account);
    change(attributes);
    const json = JSON.stringify(attributes);
    if (json === account.json) return false;
    this.unindex(account);
    Object.assign(account, this.describe(account.id, parseObject(json)), { json });
    this.index(account);
    if (this.shape.rewriteMovesToEnd) this.list.push(...this.list.splice(this.list.indexOf(account), 1));
    return true;
  }

  remove(account: Account): void {
    const position = this.list.indexOf(account);
    if (position < 0) return;
    this.list.splice(position, 1);
    this.unindex(account);
  }

  private file(facts: Described, json: string, personId: string | null): Account {
    const { id, username, email, name, active, admin, groups } = facts;
    const account: Account = { id, username, email, name, active, admin, groups, personId, json };
    this.list.push(account);
    this.index(account);
    return account;
  }

  private describe(id: string, attributes: Attributes): Described {
    const facts = this.shape.facts(attributes);
    return { ...facts, id: facts.id ?? id, groups: facts.groups ?? NO_GROUPS };
  }

  private index(account: Account): void {
    if (!this.byId.has(account.id)) this.byId.set(account.id, account);
    if (!this.byUsername.has(account.username)) this.byUsername.set(account.username, account);
    this.sorted = null;
  }

  private unindex(account: Account): void {
    this.sorted = null;
    this.release(this.byId, account, 'id');
    this.release(this.byUsername, account, 'username');
  }

  /** A twin under the same key becomes reachable in its place. */
  private release(map: Map<string, Account>, account: Account, key: 'id' | 'username'): void {
    const value = account[key];
    if (map.get(value) !== account) return;
    map.delete(value);
    const twin = this.list.find((other) => other !== account && other[key] === value);
    if (twin) map.set(value, twin);
  }
}

/** The wire object of an account; empty for planted text that is no object. */
export function attributesOf(account: Account): Attributes {
  return parseObject(account.json);
}

function parseObject(json: string): Attributes {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Attributes) : {};
  } catch {
    // Planted text may be broken on purpose; it still has to be listed.
    return {};
  }
}
