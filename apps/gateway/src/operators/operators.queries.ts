import { Injectable } from '@nestjs/common';
import {
  Databases,
  findRecord,
  type OperatorDocument,
  operators,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import type { Operator, OperatorListQuery, Page } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const byTime: Searchable = { fields: {}, sortable: { createdAt: 'createdAt' }, defaultSort: 'createdAt' };

@Injectable()
export class OperatorsQueries {
  constructor(private readonly databases: Databases) {}

  async list({ state, ...query }: OperatorListQuery): Promise<Page<Operator>> {
    const narrowed = state === undefined ? [] : [{ state }];
    const { items, page } = await searchPage(this.databases.model(operators), byTime, query, narrowed);
    return { items: items.map(({ id, ...rest }) => operatorOf({ _id: id, ...rest })), page };
  }

  async get(id: string): Promise<Operator> {
    const { id: _id, ...rest } = found(await findRecord(this.databases.model(operators), id), `operator ${id}`);
    return operatorOf({ _id, ...rest });
  }
}

/** An operator as the API shows them. The hash stays behind. */
export function operatorOf(document: OperatorDocument): Operator {
  const {
    _id: id,
    email,
    name,
    state,
    grants,
    passwordHash,
    rolesFromProvider,
    createdAt,
    lastSignInAt,
    version,
  } = document;
  return {
    id,
    email,
    name,
    state,
    grants,
    hasPassword: passwordHash !== null,
    rolesFromProvider,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    version,
  };
}
