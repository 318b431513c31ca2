import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  activateWorkflow,
  createWorkflow,
  deactivateWorkflow,
  getWorkflow,
  getWorkflowRun,
  listIntents,
  listWorkflowRuns,
  listWorkflows,
  updateWorkflow,
} from './workflows.operations.js';
import { WorkflowsQueries } from './workflows.queries.js';
import { WorkflowsService } from './workflows.service.js';

@Controller()
export class WorkflowsController {
  constructor(
    private readonly queries: WorkflowsQueries,
    private readonly service: WorkflowsService,
  ) {}

  @Operation(listWorkflows)
  list(@Call() { query }: CallOf<typeof listWorkflows>) {
    return this.queries.list(query);
  }

  @Operation(getWorkflow)
  get(@Call() { params }: CallOf<typeof getWorkflow>) {
    return this.queries.get(params.id);
  }

  @Operation(createWorkflow)
  create(@Call() call: CallOf<typeof createWorkflow>) {
    return this.service.create(call.body, call);
  }

  @Operation(updateWorkflow)
  update(@Call() call: CallOf<typeof updateWorkflow>) {
    return this.service.update(call.params.id, call.body, call);
  }

  @Operation(activateWorkflow)
  activate(@Call() call: CallOf<typeof activateWorkflow>) {
    return this.service.activate(call.params.id, call);
  }

  @Operation(deactivateWorkflow)
  deactivate(@Call() call: CallOf<typeof deactivateWorkflow>) {
    return this.service.deactivate(call.params.id, call);
  }

  @Operation(listWorkflowRuns)
  runs(@Call() { query }: CallOf<typeof listWorkflowRuns>) {
    return this.queries.runs(query);
  }

  @Operation(getWorkflowRun)
  run(@Call() { params }: CallOf<typeof getWorkflowRun>) {
    return this.queries.run(params.id);
  }

  @Operation(listIntents)
  intents(@Call() { query }: CallOf<typeof listIntents>) {
    return this.queries.intents(query);
  }
}
