import { Injectable } from '@nestjs/common';
import { type AccountDocument, accounts, Databases, people, type PersonDocument } from '@rollcall/collections';
import type { ClientSession, Collection, Filter } from 'mongodb';

import type { FoldReads } from './fold-session.js';

/** What decides whether an account has to be looked at. */
export type KnownAccount = Pick<AccountDocument, 'hash' | 'passive' | 'person'>;

/** Of all keys of a slice together, before they are looked for one by one. */
const mostWithOtherKeys = 500;
/** Of one key: the person who is asked about holds it, so that all of these are other people's. */
const fewWithOtherKey = 5;

/** Reads of accounts and people for folds and slices. Batched by id or key, one round trip each. */
@Injectable()
export class PeopleReadsRepository implements FoldReads {
  private readonly accounts: Collection<AccountDocument>;
  private readonly people: Collection<PersonDocument>;
  private session: ClientSession | undefined;

  constructor(private readonly databases: Databases) {
    this.accounts = databases.collection(accounts);
    this.people = databases.collection(people);
  }

  /** The same reads inside a transaction. */
  within(session: ClientSession): PeopleReadsRepository {
    const reads = new PeopleReadsRepository(this.databases);
    reads.session = session;
    return reads;
  }

  /** Decides who has to be looked at (B9, B11), and whether anybody has to be matched. */
  async hashesOf(ids: readonly string[]): Promise<Map<string, KnownAccount>> {
    const projection = { hash: 1, passive: 1, person: 1 };
    const found = await this.accounts.find({ _id: { $in: [...ids] } }, { projection }).toArray();
    return new Map(found.map((account) => [account._id, account]));
  }

  async accountsById(ids: readonly string[]): Promise<AccountDocument[]> {
    if (ids.length === 0) return [];
    return this.accounts.find({ _id: { $in: [...ids] } }, { session: this.session }).toArray();
  }

  /** Reading a record costs more than naming it, so that known ones are left out. */
  async accountsOfPeople(persons: readonly string[], known: readonly string[] = []): Promise<AccountDocument[]> {
    if (persons.length === 0) return [];
    const others = known.length === 0 ? {} : { _id: { $nin: [...known] } };
    return this.accounts.find({ person: { $in: [...persons] }, ...others }, { session: this.session }).toArray();
  }

  async accountsWaitingFor(persons: readonly string[]): Promise<AccountDocument[]> {
    if (persons.length === 0) return [];
    const filter = { 'error.candidates': { $in: [...persons] }, person: null };
    return this.accounts.find(filter, { session: this.session }).toArray();
  }

  /**
   * A few of each key are enough. A value that thousands have, like the number of a switchboard, must not be read in full by
   * every slice.
   */
  async accountsWithOtherKeys(keys: readonly string[]): Promise<AccountDocument[]> {
    if (keys.length === 0) return [];
    const some = await this.withOtherKeys({ $in: [...keys] }, mostWithOtherKeys);
    if (some.length < mostWithOtherKeys) return some;
    return (await Promise.all(keys.map((key) => this.withOtherKeys(key, fewWithOtherKey)))).flat();
  }

  private withOtherKeys(otherKeys: Filter<AccountDocument>['otherKeys'], limit: number): Promise<AccountDocument[]> {
    return this.accounts.find({ otherKeys, active: true }, { session: this.session, limit }).toArray();
  }

  async peopleById(ids: readonly string[]): Promise<PersonDocument[]> {
    if (ids.length === 0) return [];
    return this.people.find({ _id: { $in: [...ids] } }, { session: this.session }).toArray();
  }

  async peopleByKey(keys: readonly string[]): Promise<PersonDocument[]> {
    if (keys.length === 0) return [];
    return this.people.find({ keys: { $in: [...keys] } }, { session: this.session }).toArray();
  }

  async peopleOlderThan(settingsVersion: number, limit: number): Promise<string[]> {
    const found = await this.people
      .find({ settingsVersion: { $lt: settingsVersion }, mergedInto: null }, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return found.map((person) => person._id);
  }
}
