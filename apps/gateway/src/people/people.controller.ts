import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import { ErasuresQueries } from './erasures.queries.js';
import {
  erasePerson,
  getErasure,
  getPerson,
  holdPerson,
  listErasures,
  listPeople,
  listPersonHistory,
  listPersonTimeline,
  overridePerson,
  protectPerson,
} from './people.operations.js';
import { PeopleQueries } from './people.queries.js';
import { PeopleService } from './people.service.js';

@Controller()
export class PeopleController {
  constructor(
    private readonly queries: PeopleQueries,
    private readonly service: PeopleService,
    private readonly erasures: ErasuresQueries,
  ) {}

  @Operation(listPeople)
  list(@Call() { query }: CallOf<typeof listPeople>) {
    return this.queries.list(query);
  }

  @Operation(getPerson)
  get(@Call() { params, query }: CallOf<typeof getPerson>) {
    return this.queries.get(params.id, query.at);
  }

  @Operation(listPersonTimeline)
  timeline(@Call() { params, query }: CallOf<typeof listPersonTimeline>) {
    return this.queries.timeline(params.id, query);
  }

  @Operation(overridePerson)
  override(@Call() call: CallOf<typeof overridePerson>) {
    return this.service.override(call.params.id, call.body, call);
  }

  @Operation(holdPerson)
  hold(@Call() call: CallOf<typeof holdPerson>) {
    return this.service.hold(call.params.id, call.body, call);
  }

  @Operation(listPersonHistory)
  history(@Call() { params, query }: CallOf<typeof listPersonHistory>) {
    return this.queries.history(params.id, query);
  }

  @Operation(protectPerson)
  protect(@Call() call: CallOf<typeof protectPerson>) {
    return this.service.protect(call.params.id, call.body, call);
  }

  @Operation(erasePerson)
  erase(@Call() call: CallOf<typeof erasePerson>) {
    return this.service.erase(call.params.id, call.body, call);
  }

  @Operation(getErasure)
  erasure(@Call() { params }: CallOf<typeof getErasure>) {
    return this.erasures.get(params.id);
  }

  @Operation(listErasures)
  listErasures(@Call() { query }: CallOf<typeof listErasures>) {
    return this.erasures.list(query);
  }
}
