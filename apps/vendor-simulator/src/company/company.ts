import { SimulatorError } from '../simulator.errors.js';
import type { Account, AccountShape, AccountTraits, Attributes } from './account.js';
import { type AccountChange, differingFields } from './changes.js';
import { CompanyClock } from './clock.js';
import { attributesOf, Directory } from './directory.js';
import type { Person } from './person.js';
import { Random } from './random.js';

/** The one company behind all vendors: its people, their accounts per vendor, and every way to change them. */
export class Company {
  readonly clock = new CompanyClock();
  readonly people = new Map<string, Person>();
  readonly directories: ReadonlyMap<string, Directory>;
  private readonly random: Random;

  /**
   * @param seed same seed, same company
   * @param kind `demo` or `load:<n>`; only reported back
   * @param shapes how each vendor writes a user down, by vendor id
   */
  constructor(
    readonly seed: string,
    readonly kind: string,
    shapes: Readonly<Record<string, AccountShape>>,
  ) {
    this.random = new Random(`${seed}/accounts`);
    this.directories = new Map(Object.entries(shapes).map(([vendor, shape]) => [vendor, new Directory(shape)]));
  }

  /** Throws `unknown-vendor`. */
  directory(vendor: string): Directory {
    const directory = this.directories.get(vendor);
    if (directory) return directory;
    const known = [...this.directories.keys()].join(', ');
    throw new SimulatorError('unknown-vendor', `There is no vendor "${vendor}" here. Use one of: ${known}.`);
  }

  addPerson(facts: Omit<Person, 'id'>): Person {
    const person = { id: `p${String(this.people.size + 1).padStart(6, '0')}`, ...facts };
    this.people.set(person.id, person);
    return person;
  }

  /** Gives a person an account; `owned: false` makes an account that belongs to nobody. */
  addAccount(vendor: string, person: Person, traits: AccountTraits, options = { owned: true }): AccountChange {
    const directory = this.directory(vendor);
    const { shape } = directory;
    const serial = directory.nextSerial();
    const createdMs = Math.min(person.hiredMs + 3_600_000 * (1 + this.random.int(40)), this.clock.nowMs());
    const id = shape.newId(this.random, serial, createdMs);
    const attributes = shape.build({ id, serial, person, traits, createdMs, random: this.random });
    const account = directory.add(id, attributes, options.owned ? person.id : null);
    return report(vendor, 'added', account);
  }

  removeAccount(vendor: string, account: Account): AccountChange {
    this.directory(vendor).remove(account);
    return report(vendor, 'removed', account);
  }

  setActive(vendor: string, account: Account, active: boolean): AccountChange {
    const { shape } = this.directory(vendor);
    return this.change(vendor, account, active ? 'restored' : 'suspended', (attributes) =>
      shape.setActive(attributes, active),
    );
  }

  setEmail(vendor: string, account: Account, email: string): AccountChange {
    const { shape } = this.directory(vendor);
    return this.change(vendor, account, 'updated', (attributes) => shape.setEmail(attributes, email));
  }

  setJob(vendor: string, account: Account, person: Person): AccountChange {
    const { shape } = this.directory(vendor);
    return this.change(vendor, account, 'updated', (attributes) => shape.setJob(attributes, person));
  }

  /** Any change of the wire object, reported with old and new values. */
  change(
    vendor: string,
    account: Account,
    kind: AccountChange['kind'],
    edit: (attributes: Attributes) => void,
  ): AccountChange {
    const before = attributesOf(account);
    this.directory(vendor).update(account, edit);
    return { ...report(vendor, kind, account), fields: differingFields(before, attributesOf(account)) };
  }

  /** Accounts of every person, by person id, in the order of the vendors. */
  accountsByPerson(): Map<string, OwnedAccount[]> {
    const owned = new Map<string, OwnedAccount[]>();
    for (const [vendor, directory] of this.directories) {
      for (const account of directory.accounts) {
        if (account.personId === null) continue;
        const known = owned.get(account.personId);
        if (known) known.push({ vendor, account });
        else owned.set(account.personId, [{ vendor, account }]);
      }
    }
    return owned;
  }
}

export interface OwnedAccount {
  readonly vendor: string;
  readonly account: Account;
}

/** The identifying part of a change. */
export function report(vendor: string, kind: AccountChange['kind'], account: Account): AccountChange {
  const { id, personId, username, email } = account;
  return { vendor, kind, id, personId, username, email };
}
