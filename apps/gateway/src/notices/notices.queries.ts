import { Injectable } from '@nestjs/common';
import { Databases, findRecord, notices, type Searchable, searchPage } from '@rollcall/collections';
import type { NoticeListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const newest: Searchable = { fields: {}, sortable: { createdAt: 'createdAt' }, defaultSort: '-createdAt' };

@Injectable()
export class NoticesQueries {
  constructor(private readonly databases: Databases) {}

  async list({ unread, ...query }: NoticeListQuery) {
    const conditions = unread === undefined ? [] : [{ readAt: unread ? { $eq: null } : { $ne: null } }];
    return searchPage(this.databases.model(notices), newest, query, conditions);
  }

  async get(id: string) {
    return found(await findRecord(this.databases.model(notices), id), `notice ${id}`);
  }
}
