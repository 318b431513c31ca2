import { Controller, Inject } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { getPerson, listPeople, listPersonHistory, protectPerson } from './people.operations.js';
import { PeopleQueries } from './people.queries.js';
import { PeopleService } from './people.service.js';

@Controller()
export class PeopleController {
  constructor(
    @Inject(PeopleQueries) private readonly queries: PeopleQueries,
    @Inject(PeopleService) private readonly service: PeopleService,
  ) {}

  @Operation(listPeople)
  list(@Call() { query }: CallOf<typeof listPeople>) {
    return this.queries.list(query);
  }

  @Operation(getPerson)
  get(@Call() { params }: CallOf<typeof getPerson>) {
    return this.queries.get(params.id);
  }

  @Operation(listPersonHistory)
  history(@Call() { params, query }: CallOf<typeof listPersonHistory>) {
    return this.queries.history(params.id, query);
  }

  @Operation(protectPerson)
  protect(@Call() call: CallOf<typeof protectPerson>) {
    return this.service.protect(call.params.id, call.body, call);
  }
}
