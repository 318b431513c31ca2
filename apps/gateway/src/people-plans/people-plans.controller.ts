import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  approvePeoplePlan,
  getPeoplePlan,
  listPeoplePlanLines,
  listPeoplePlans,
  previewIntegrationDeletion,
  previewIntegrationUpdate,
  previewMerge,
  previewSourcesOfTruth,
  rejectPeoplePlan,
  undoPeoplePlan,
} from './people-plans.operations.js';
import { PeoplePlansQueries } from './people-plans.queries.js';
import { PeoplePlansService } from './people-plans.service.js';

@Controller()
export class PeoplePlansController {
  constructor(
    private readonly queries: PeoplePlansQueries,
    private readonly service: PeoplePlansService,
  ) {}

  @Operation(listPeoplePlans)
  list(@Call() { query }: CallOf<typeof listPeoplePlans>) {
    return this.queries.list(query);
  }

  @Operation(getPeoplePlan)
  get(@Call() { params }: CallOf<typeof getPeoplePlan>) {
    return this.queries.get(params.id);
  }

  @Operation(listPeoplePlanLines)
  lines(@Call() { params, query }: CallOf<typeof listPeoplePlanLines>) {
    return this.queries.lines(params.id, query);
  }

  @Operation(approvePeoplePlan)
  approve(@Call() call: CallOf<typeof approvePeoplePlan>) {
    return this.service.approve(call.params.id, call.body, call);
  }

  @Operation(rejectPeoplePlan)
  reject(@Call() call: CallOf<typeof rejectPeoplePlan>) {
    return this.service.reject(call.params.id, call.body, call);
  }

  @Operation(undoPeoplePlan)
  undo(@Call() call: CallOf<typeof undoPeoplePlan>) {
    return this.service.undo(call.params.id, call);
  }

  @Operation(previewIntegrationUpdate)
  previewUpdate(@Call() call: CallOf<typeof previewIntegrationUpdate>) {
    return this.service.previewUpdate(call.params.id, call.body, call);
  }

  @Operation(previewIntegrationDeletion)
  previewDeletion(@Call() call: CallOf<typeof previewIntegrationDeletion>) {
    return this.service.previewDeletion(call.params.id, call.query.data, call);
  }

  @Operation(previewSourcesOfTruth)
  previewSources(@Call() call: CallOf<typeof previewSourcesOfTruth>) {
    return this.service.previewSources(call.body, call);
  }

  @Operation(previewMerge)
  previewMerge(@Call() call: CallOf<typeof previewMerge>) {
    return this.service.previewMerge(call.params.id, call.body, call);
  }
}
