import { Injectable } from '@nestjs/common';
import { accounts, Databases, queryTimeMs, recordOf, tracking, trusted } from '@rollcall/collections';
import { type AccountListQuery, accountViewSchema, largestPage, type Limit, type ListQuery } from '@rollcall/contracts';

import { HistoryQueries } from '../history/history.queries.js';
import { choose } from '../http/chosen-fields.js';
import { accountList, ofLimit, searchedOfAccounts } from '../lists/account-list.js';
import { isInOneOf } from '../lists/indexed-list.js';
import { IndexedLists } from '../lists/indexed-lists.js';

@Injectable()
export class AccountsQueries {
  constructor(
    private readonly databases: Databases,
    private readonly past: HistoryQueries,
    private readonly lists: IndexedLists,
  ) {}

  async list({ fields, ...query }: AccountListQuery, within: Limit | null) {
    const also = query.q === undefined ? [] : [isInOneOf(searchedOfAccounts, query.q, 'sw')];
    const { items, page } = await this.lists.page(accounts, accountList, query, [...ofLimit(within), ...also]);
    return choose({ items: await this.withTracking(items), page }, fields, Object.keys(accountViewSchema.shape));
  }

  /** What the last run noted beside the account belongs to now, so it is not told of the past. */
  async get(id: string, at?: string) {
    const account = await this.past.asOf('account', id, at);
    return at === undefined ? (await this.withTracking([account]))[0]! : { ...account, tracking: null };
  }

  async history(id: string, query: ListQuery) {
    return this.past.revisions('account', id, query);
  }

  async ofPerson(person: string) {
    const documents = await this.databases
      .model(accounts)
      .find({ person: { $eq: person } }, null, { sort: { _id: 1 }, limit: largestPage, maxTimeMS: queryTimeMs })
      .lean();
    return { items: await this.withTracking(documents.map(recordOf)) };
  }

  /** Joins what the last run noted beside the account (D8). */
  private async withTracking<Account extends { id: string }>(records: readonly Account[]) {
    const notes = await this.databases
      .model(tracking)
      .find({ _id: trusted({ $in: records.map(({ id }) => id) }) }, null, { maxTimeMS: queryTimeMs })
      .lean();
    const byAccount = new Map(notes.map((note) => [note._id, note]));
    return records.map((record) => ({ ...record, tracking: byAccount.get(record.id) ?? null }));
  }
}
