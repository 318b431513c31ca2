import { Injectable } from '@nestjs/common';
import type { AccountDocument, AppDocument, RecordOf } from '@rollcall/collections';
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
import type { Limit, ListQuery, SaasUserListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { ofIds } from '../rights/conditions.js';

const byName: Searchable = { fields: {}, sortable: { name: 'name' }, defaultSort: 'name' };
const byId: Searchable = { fields: {}, sortable: { id: '_id' }, defaultSort: 'id' };
const dayMs = 24 * 60 * 60 * 1000;

@Injectable()
export class SaasAppsQueries {
  constructor(private readonly databases: Databases) {}

  async list(query: ListQuery, within: Limit | null) {
    const { items, page } = await searchPage(this.databases.model(apps), byName, query, ofIds(within?.apps));
    return { items: await Promise.all(items.map((app) => this.withNumbers(app))), page };
  }

  async get(id: string) {
    return this.withNumbers(await this.find(id));
  }

  async users(id: string, { status, noActivityForDays, ...query }: SaasUserListQuery) {
    await this.find(id);
    const { items, page } = await searchPage(this.databases.model(accounts), byId, query, [
      { app: { $eq: id }, content: { $eq: 'user-and-saas-user' } },
      ...(status === undefined ? [] : [{ active: { $eq: status === 'active' } }]),
      ...(noActivityForDays === undefined ? [] : [idleSince(noActivityForDays, this.databases.timeMs())]),
    ]);
    return { items: items.map(saasUserOf), page };
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

/**
 * Not active since then, or never active and known for that long (R32). Times are stored as ISO text in UTC, whose order
 * is that of time; null is no text and never matches `$lt`.
 */
function idleSince(days: number, nowMs: number) {
  const then = new Date(nowMs - days * dayMs).toISOString();
  const never = { lastActivityAt: { $eq: null }, connector: { $in: tellActivity }, 'created.time': { $lt: then } };
  return { $or: [{ lastActivityAt: { $lt: then } }, never] };
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
