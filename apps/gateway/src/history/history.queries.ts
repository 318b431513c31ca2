import { Injectable } from '@nestjs/common';
import {
  accounts,
  bounded,
  changes,
  Databases,
  findRecord,
  people,
  queryTimeMs,
  recordOf,
  type Searchable,
  searchPage,
  trusted,
} from '@rollcall/collections';
import { type AccountRecord, largestPage, type ListQuery, type PersonRecord } from '@rollcall/contracts';

import { found, GatewayError } from '../gateway.errors.js';
import { CausesQueries } from './causes.queries.js';
import { type ChangeWithoutWhy, toldChange, toldCreation } from './told-change.js';

const byRevision: Searchable = { fields: {}, sortable: { revision: 'revision' }, defaultSort: '-revision' };
const byTime: Searchable = { fields: {}, sortable: { time: 'time' }, defaultSort: '-time' };

type Kind = 'account' | 'person';

/** What happened to a person or an account, and how it stood at a past moment; both from `changes` (C1, C7). */
@Injectable()
export class HistoryQueries {
  constructor(
    private readonly databases: Databases,
    private readonly causes: CausesQueries,
  ) {}

  /** Revisions of one record, newest first. */
  async revisions(kind: Kind, id: string, query: ListQuery) {
    const record = await this.record(kind, id);
    if (record.revision === 1) {
      return { items: await this.causes.explained([toldCreation(kind, record)]), page: { next: null } };
    }
    const { items, page } = await searchPage(this.changes, byRevision, query, [{ record: { $eq: id } }]);
    return { items: await this.causes.explained(items.map(toldChange)), page };
  }

  /** A person and the accounts that are theirs now, newest first. Creations without a change come on the last page. */
  async timeline(person: string, query: ListQuery) {
    const record = await this.record('person', person);
    const own = await this.accountsOf(person);
    const ids = [person, ...own.map(({ id }) => id)];
    const { items, page } = await searchPage(this.changes, byTime, query, [{ record: { $in: ids } }]);
    const told: ChangeWithoutWhy[] = items.map(toldChange);
    if (page.next === null) told.push(...creationsOf(record, own));
    const sorted = told.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
    return { items: await this.causes.explained(sorted), page };
  }

  /** @throws GatewayError not-found, also when the record did not exist at that moment */
  async asOf(kind: 'person', id: string, at: string | undefined): Promise<PersonRecord>;
  async asOf(kind: 'account', id: string, at: string | undefined): Promise<AccountRecord>;
  async asOf(kind: Kind, id: string, at: string | undefined): Promise<AccountRecord | PersonRecord> {
    const record = await this.record(kind, id);
    if (at === undefined) return record;
    const moment = new Date(at).toISOString();
    if (record.created.time > moment) throw notYet(kind, id, record.created.time);
    // Times within a record follow its revisions, and all of them are ISO text in UTC, whose order is that of time.
    const change = await bounded(() =>
      this.changes
        .findOne({ record: { $eq: id }, time: trusted({ $lte: moment }) }, null, {
          sort: { revision: -1 },
          maxTimeMS: queryTimeMs,
        })
        .lean(),
    );
    if (change !== null) return change.after;
    if (record.revision > 1) throw notKept(kind, id);
    return record;
  }

  private get changes() {
    return this.databases.model(changes);
  }

  private async record(kind: 'person', id: string): Promise<PersonRecord>;
  private async record(kind: Kind, id: string): Promise<AccountRecord | PersonRecord>;
  private async record(kind: Kind, id: string): Promise<AccountRecord | PersonRecord> {
    return kind === 'person'
      ? found(await findRecord(this.databases.model(people), id), `person ${id}`)
      : found(await findRecord(this.databases.model(accounts), id), `account ${id}`);
  }

  private async accountsOf(person: string): Promise<AccountRecord[]> {
    const documents = await this.databases
      .model(accounts)
      .find({ person: { $eq: person } }, null, { sort: { _id: 1 }, limit: largestPage, maxTimeMS: queryTimeMs })
      .lean();
    return documents.map(recordOf);
  }
}

function creationsOf(person: PersonRecord, own: readonly AccountRecord[]): ChangeWithoutWhy[] {
  return [
    ...(person.revision === 1 ? [toldCreation('person', person)] : []),
    ...own.filter(({ revision }) => revision === 1).map((account) => toldCreation('account', account)),
  ];
}

function notYet(kind: Kind, id: string, since: string): GatewayError {
  return new GatewayError('not-found', `There was no ${kind} ${id} at that moment: it was first seen at ${since}.`);
}

function notKept(kind: Kind, id: string): GatewayError {
  return new GatewayError(
    'not-found',
    `How ${kind} ${id} stood at that moment is not known any more: changes that old were deleted for their age (RETENTION_HISTORY_DAYS). Ask for a later moment.`,
  );
}
