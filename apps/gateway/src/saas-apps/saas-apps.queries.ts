import { Injectable } from '@nestjs/common';
import type { AccountDocument, AppDocument, FilterNode, RecordOf } from '@rollcall/collections';
import {
  accounts,
  apps,
  bounded,
  Databases,
  findRecord,
  queryTimeMs,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import { type Limit, type ListQuery, type SaasUserListQuery, saasUserSchema } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { choose } from '../http/chosen-fields.js';
import { accountList, searchedOfAccounts } from '../lists/account-list.js';
import { type IndexedList, isEqual, isInOneOf } from '../lists/indexed-list.js';
import { IndexedLists } from '../lists/indexed-lists.js';
import { ofIds } from '../rights/conditions.js';

const byName: Searchable = { fields: {}, sortable: { name: 'name' }, defaultSort: 'name' };
/** The list of accounts by the words of the Users tab. */
const userList: IndexedList = {
  ...accountList,
  name: 'saas-users',
  fields: {
    ...accountList.fields,
    userName: accountList.fields['username']!,
    firstSeenAt: accountList.fields['createdAt']!,
  },
};
const dayMs = 24 * 60 * 60 * 1000;

@Injectable()
export class SaasAppsQueries {
  constructor(
    private readonly databases: Databases,
    private readonly lists: IndexedLists,
  ) {}

  async list(query: ListQuery, within: Limit | null) {
    const { items, page } = await searchPage(this.databases.model(apps), byName, query, ofIds(within?.apps));
    return { items: await Promise.all(items.map((app) => this.withNumbers(app))), page };
  }

  async get(id: string) {
    return this.withNumbers(await this.find(id));
  }

  async users(id: string, { status, noActivityForDays, fields, ...query }: SaasUserListQuery) {
    await this.find(id);
    const list = { ...userList, name: JSON.stringify(['saas-users', id, status, noActivityForDays]) };
    const { items, page } = await this.lists.page(accounts, list, query, [
      isEqual('app', id),
      isEqual('content', 'user-and-saas-user'),
      ...(status === undefined ? [] : [isEqual('active', status === 'active')]),
      ...(noActivityForDays === undefined ? [] : [idleSince(noActivityForDays, this.databases.timeMs())]),
      ...(query.q === undefined ? [] : [isInOneOf(searchedOfAccounts, query.q, 'sw')]),
    ]);
    return choose({ items: items.map(saasUserOf), page }, fields, Object.keys(saasUserSchema.shape));
  }

  private async find(id: string) {
    return found(await findRecord(this.databases.model(apps), id), `SaaS app ${id}`);
  }

  private async withNumbers(app: RecordOf<AppDocument>) {
    const [active, deactivated] = await Promise.all([this.count(app.id, true), this.count(app.id, false)]);
    return { ...app, createdAt: app.createdAt.toISOString(), users: { active, deactivated } };
  }

  private async count(app: string, active: boolean): Promise<number> {
    const users = this.databases.model(accounts);
    return bounded(() =>
      users.countDocuments({ app, active, content: 'user-and-saas-user' }, { maxTimeMS: queryTimeMs }),
    );
  }
}

/** Connectors whose vendor tells when a user was active last: there no time means never. */
const tellActivity = Object.values(manifests)
  .filter(({ capabilities }) => capabilities.lastActivity)
  .map(({ id }) => id);

/** Not active since then, or never active and known for that long (R32). */
function idleSince(days: number, nowMs: number): FilterNode {
  const then = new Date(nowMs - days * dayMs).toISOString();
  const before = (name: string): FilterNode => ({
    kind: 'compare',
    name,
    field: accountList.fields[name]!,
    operator: 'lt',
    value: then,
  });
  const never: FilterNode = {
    kind: 'compare',
    name: 'lastActivityAt',
    field: accountList.fields['lastActivityAt']!,
    operator: 'eq',
    value: null,
  };
  const told: FilterNode = { kind: 'or', parts: tellActivity.map((connector) => isEqual('connector', connector)) };
  return { kind: 'or', parts: [before('lastActivityAt'), { kind: 'and', parts: [never, told, before('createdAt')] }] };
}

function activityOf({ lastActivityAt, connector }: RecordOf<AccountDocument>): 'known' | 'never' | 'not-told' {
  if (lastActivityAt !== null) return 'known';
  return tellActivity.includes(connector) ? 'never' : 'not-told';
}

function saasUserOf(account: RecordOf<AccountDocument>) {
  const { id, integration, vendorId, role, lastActivityAt, active, person, values, hold } = account;
  const userName = String(values['username'] ?? values['email'] ?? vendorId);
  const status = active ? ('active' as const) : ('deactivated' as const);
  const activity = activityOf(account);
  const seen = { lastActivityAt, activity, firstSeenAt: account.created.time };
  const row = { id, integration, vendorId, userName, role, ...seen, status, person };
  return { ...row, protected: account.protected, held: hold !== null };
}
