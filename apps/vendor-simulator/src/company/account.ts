import type { Person } from './person.js';
import type { Random } from './random.js';

/** A vendor's user object as a plain object; key order is wire order. */
export type Attributes = Record<string, unknown>;

/** What an account is made with; everything else follows from the person and the seed. */
export interface AccountTraits {
  readonly active: boolean;
  readonly admin?: boolean;
  readonly loggedIn?: boolean;
  readonly locked?: boolean;
  readonly passwordExpired?: boolean;
  /** Lists group membership on the account (load companies leave it out to stay small). */
  readonly grouped?: boolean;
  /** Wire fields set last, as they are. */
  readonly overrides?: Attributes;
}

/** The few things of an account that the simulator itself must know; read back from the wire object after each change. */
export interface AccountFacts {
  /** Given only by vendors whose object carries its own id. */
  readonly id?: string;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly active: boolean;
  readonly admin: boolean;
  readonly groups?: readonly string[];
}

/** How one vendor writes a user down. */
export interface AccountShape {
  /** Fields under which a record is filed move to the end of the unsorted order when it is rewritten. */
  readonly rewriteMovesToEnd: boolean;
  /** What becomes of the account of somebody who leaves: gone from the listing, or kept and marked inactive. */
  readonly leaver: 'removed' | 'deactivated';
  newId(random: Random, serial: number, createdMs: number): string;
  build(input: AccountInput): Attributes;
  facts(attributes: Attributes): AccountFacts;
  setActive(attributes: Attributes, active: boolean): void;
  setEmail(attributes: Attributes, email: string): void;
  setJob(attributes: Attributes, person: Person): void;
  /** Absent where the vendor knows no managers. */
  setManager?(attributes: Attributes, managerAccountId: string): void;
}

export interface AccountInput {
  readonly id: string;
  readonly serial: number;
  readonly person: Person;
  readonly traits: AccountTraits;
  readonly createdMs: number;
  readonly random: Random;
}

/** One stored account. `json` is the truth and the wire text at once: pages are made by joining strings. */
export interface Account {
  id: string;
  username: string;
  email: string;
  name: string;
  active: boolean;
  admin: boolean;
  groups: readonly string[];
  /** Null for accounts that belong to nobody (service accounts, planted records, users created through the API). */
  personId: string | null;
  json: string;
}
