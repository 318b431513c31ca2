import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { OperatorLinks } from './operator-links.service.js';
import {
  createFirstAdministratorLink,
  createOperator,
  endOperatorSessions,
  getOperator,
  listOperators,
  resetOperatorPassword,
  updateOperator,
} from './operators.operations.js';
import { OperatorsQueries } from './operators.queries.js';
import { OperatorsService } from './operators.service.js';

@Controller()
export class OperatorsController {
  constructor(
    private readonly queries: OperatorsQueries,
    private readonly service: OperatorsService,
    private readonly links: OperatorLinks,
  ) {}

  @Operation(listOperators)
  list(@Call() { query }: CallOf<typeof listOperators>) {
    return this.queries.list(query);
  }

  @Operation(getOperator)
  get(@Call() { params }: CallOf<typeof getOperator>) {
    return this.queries.get(params.id);
  }

  @Operation(createOperator)
  create(@Call() call: CallOf<typeof createOperator>) {
    return this.service.invite(call.body, call);
  }

  @Operation(updateOperator)
  update(@Call() { params, body, ifVersion }: CallOf<typeof updateOperator>) {
    return this.service.update(params.id, body, ifVersion);
  }

  @Operation(resetOperatorPassword)
  resetPassword(@Call() { params, client }: CallOf<typeof resetOperatorPassword>) {
    return this.links.reset(params.id, client);
  }

  @Operation(createFirstAdministratorLink)
  firstAdministrator(@Call() { client }: CallOf<typeof createFirstAdministratorLink>) {
    return this.links.firstAdministrator(client);
  }

  @Operation(endOperatorSessions)
  signOut(@Call() { params }: CallOf<typeof endOperatorSessions>) {
    return this.service.signOut(params.id);
  }
}
