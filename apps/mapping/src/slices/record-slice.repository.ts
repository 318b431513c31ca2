import { Inject, Injectable } from '@nestjs/common';
import {
  accounts,
  Databases,
  people,
  type AccountDocument,
  type PersonDocument,
} from '@rollcall/collections';
import type { Collection } from 'mongodb';

/** Reads of the record path. Batched by id or key, one round trip each. */
@Injectable()
export class RecordSliceRepository {
  private readonly accounts: Collection<AccountDocument>;
  private readonly people: Collection<PersonDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.accounts = databases.collection(accounts);
    this.people = databases.collection(people);
  }

  async hashesOf(ids: readonly string[]): Promise<Map<string, { hash: string | null; observedAt: number }>> {
    const found = await this.accounts
      .find({ _id: { $in: [...ids] } }, { projection: { hash: 1, observedAt: 1 } })
      .toArray();
    return new Map(found.map((account) => [account._id, account]));
  }

  async accountsById(ids: readonly string[]): Promise<AccountDocument[]> {
    return ids.length === 0 ? [] : this.accounts.find({ _id: { $in: [...ids] } }).toArray();
  }

  async accountsOfPeople(people: readonly string[]): Promise<AccountDocument[]> {
    return people.length === 0 ? [] : this.accounts.find({ person: { $in: [...people] } }).toArray();
  }

  async peopleById(ids: readonly string[]): Promise<PersonDocument[]> {
    return ids.length === 0 ? [] : this.people.find({ _id: { $in: [...ids] } }).toArray();
  }

  async peopleByKey(keys: readonly string[]): Promise<PersonDocument[]> {
    return keys.length === 0 ? [] : this.people.find({ keys: { $in: [...keys] } }).toArray();
  }
}
