import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  cloneIntegration,
  createIntegration,
  deleteIntegration,
  getIntegration,
  getIntegrationChecklist,
  launchIntegration,
  listIntegrations,
  pauseIntegration,
  startRun,
  startUserRun,
  updateIntegration,
} from './integrations.operations.js';
import { IntegrationsQueries } from './integrations.queries.js';
import { IntegrationsService } from './integrations.service.js';

@Controller()
export class IntegrationsController {
  constructor(
    private readonly queries: IntegrationsQueries,
    private readonly service: IntegrationsService,
  ) {}

  @Operation(listIntegrations)
  list(@Call() { query, within }: CallOf<typeof listIntegrations>) {
    return this.queries.list(query, within);
  }

  @Operation(getIntegration)
  get(@Call() { params }: CallOf<typeof getIntegration>) {
    return this.queries.get(params.id);
  }

  @Operation(createIntegration)
  create(@Call() call: CallOf<typeof createIntegration>) {
    return this.service.create(call.body, call);
  }

  @Operation(updateIntegration)
  update(@Call() call: CallOf<typeof updateIntegration>) {
    return this.service.update(call.params.id, call.body, call);
  }

  @Operation(cloneIntegration)
  clone(@Call() call: CallOf<typeof cloneIntegration>) {
    return this.service.clone(call.params.id, call.body, call);
  }

  @Operation(getIntegrationChecklist)
  checklist(@Call() call: CallOf<typeof getIntegrationChecklist>) {
    return this.service.checklist(call.params.id, call);
  }

  @Operation(launchIntegration)
  launch(@Call() call: CallOf<typeof launchIntegration>) {
    return this.service.launch(call.params.id, call);
  }

  @Operation(pauseIntegration)
  pause(@Call() call: CallOf<typeof pauseIntegration>) {
    return this.service.pause(call.params.id, call);
  }

  @Operation(startRun)
  startRun(@Call() call: CallOf<typeof startRun>) {
    return this.service.startRun(call.params.id, call);
  }

  @Operation(startUserRun)
  startUserRun(@Call() call: CallOf<typeof startUserRun>) {
    return this.service.startUserRun(call.params.id, call.body, call);
  }

  @Operation(deleteIntegration)
  delete(@Call() call: CallOf<typeof deleteIntegration>) {
    return this.service.delete(call.params.id, call.query.data, call);
  }
}
