import { Inject, Injectable } from '@nestjs/common';
import { accounts, Databases, findRecord, queryTimeMs, recordOf, tracking } from '@rollcall/collections';
import { largestPage } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

@Injectable()
export class AccountsQueries {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async get(id: string) {
    const account = found(await findRecord(this.databases.collection(accounts), id), `account ${id}`);
    return (await this.withTracking([account]))[0]!;
  }

  async ofPerson(person: string) {
    const documents = await this.databases
      .collection(accounts)
      .find({ person: { $eq: person } }, { sort: { _id: 1 }, limit: largestPage, maxTimeMS: queryTimeMs })
      .toArray();
    return { items: await this.withTracking(documents.map(recordOf)) };
  }

  /** Joins what the last run noted beside the account (D8). */
  private async withTracking<Account extends { id: string }>(records: readonly Account[]) {
    const notes = await this.databases
      .collection(tracking)
      .find({ _id: { $in: records.map(({ id }) => id) } }, { maxTimeMS: queryTimeMs })
      .toArray();
    const byAccount = new Map(notes.map((note) => [note._id, note]));
    return records.map((record) => ({ ...record, tracking: byAccount.get(record.id) ?? null }));
  }
}
