import { Injectable } from '@nestjs/common';
import { Databases, notices, type Searchable, searchPage } from '@rollcall/collections';
import type { NoticeListQuery } from '@rollcall/contracts';

const newest: Searchable = { fields: {}, sortable: { createdAt: 'createdAt' }, defaultSort: '-createdAt' };

@Injectable()
export class NoticesQueries {
  constructor(private readonly databases: Databases) {}

  async list({ unread, ...query }: NoticeListQuery) {
    const conditions = unread === undefined ? [] : [{ readAt: unread ? { $eq: null } : { $ne: null } }];
    return searchPage(this.databases.model(notices), newest, query, conditions);
  }
}
