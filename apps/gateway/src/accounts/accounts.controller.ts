import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  getAccount,
  holdAccount,
  listAccountHistory,
  listAccounts,
  listPersonAccounts,
  protectAccount,
} from './accounts.operations.js';
import { AccountsQueries } from './accounts.queries.js';
import { AccountsService } from './accounts.service.js';

@Controller()
export class AccountsController {
  constructor(
    private readonly queries: AccountsQueries,
    private readonly service: AccountsService,
  ) {}

  @Operation(listAccounts)
  list(@Call() { query, within }: CallOf<typeof listAccounts>) {
    return this.queries.list(query, within);
  }

  @Operation(listPersonAccounts)
  ofPerson(@Call() { params }: CallOf<typeof listPersonAccounts>) {
    return this.queries.ofPerson(params.id);
  }

  @Operation(getAccount)
  get(@Call() { params, query }: CallOf<typeof getAccount>) {
    return this.queries.get(params.id, query.at);
  }

  @Operation(listAccountHistory)
  history(@Call() { params, query }: CallOf<typeof listAccountHistory>) {
    return this.queries.history(params.id, query);
  }

  @Operation(protectAccount)
  protect(@Call() call: CallOf<typeof protectAccount>) {
    return this.service.protect(call.params.id, call.body, call);
  }

  @Operation(holdAccount)
  hold(@Call() call: CallOf<typeof holdAccount>) {
    return this.service.hold(call.params.id, call.body, call);
  }
}
