import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  cancelRun,
  getRun,
  listRunChanges,
  listRunPlan,
  listRuns,
  listRunUndoConflicts,
  previewRunUndo,
  retryRun,
  undoRun,
} from './runs.operations.js';
import { RunsQueries } from './runs.queries.js';
import { RunsService } from './runs.service.js';

@Controller()
export class RunsController {
  constructor(
    private readonly queries: RunsQueries,
    private readonly service: RunsService,
  ) {}

  @Operation(listRuns)
  list(@Call() { query, within }: CallOf<typeof listRuns>) {
    return this.queries.list(query, within);
  }

  @Operation(getRun)
  get(@Call() { params }: CallOf<typeof getRun>) {
    return this.queries.get(params.id);
  }

  @Operation(listRunChanges)
  changes(@Call() { params, query }: CallOf<typeof listRunChanges>) {
    return this.queries.changes(params.id, query);
  }

  @Operation(listRunPlan)
  plan(@Call() { params, query }: CallOf<typeof listRunPlan>) {
    return this.queries.plan(params.id, query);
  }

  @Operation(cancelRun)
  cancel(@Call() call: CallOf<typeof cancelRun>) {
    return this.service.cancel(call.params.id, call);
  }

  @Operation(retryRun)
  retry(@Call() call: CallOf<typeof retryRun>) {
    return this.service.retry(call.params.id, call);
  }

  @Operation(undoRun)
  undo(@Call() call: CallOf<typeof undoRun>) {
    return this.service.undo(call.params.id, call.body, call);
  }

  @Operation(previewRunUndo)
  previewUndo(@Call() call: CallOf<typeof previewRunUndo>) {
    return this.service.previewUndo(call.params.id, call);
  }

  @Operation(listRunUndoConflicts)
  undoConflicts(@Call() { params, query }: CallOf<typeof listRunUndoConflicts>) {
    return this.queries.undoConflicts(params.id, query);
  }
}
