import {
  changeSchema,
  listQuerySchema,
  pageSchema,
  pathIdSchema,
  plannedLineSchema,
  runListQuerySchema,
  runRecordSchema,
  undoConflictSchema,
  undoPreviewSchema,
  undoRunBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'runs';

export const listRuns = defineOperation({
  id: 'listRuns',
  method: 'GET',
  path: '/runs',
  tag,
  summary: 'Runs of all integrations, newest first.',
  query: runListQuerySchema,
  result: pageSchema(runRecordSchema),
});

export const getRun = defineOperation({
  id: 'getRun',
  method: 'GET',
  path: '/runs/:id',
  tag,
  summary: 'One run with its counts, problems and verdict. Counts are null while unknown.',
  params: pathIdSchema,
  result: runRecordSchema,
});

export const listRunChanges = defineOperation({
  id: 'listRunChanges',
  method: 'GET',
  path: '/runs/:id/changes',
  tag,
  summary: 'What a run changed, record by record.',
  description:
    'Records that a run created and that have not changed since are not in this list. To find them, list people with the filter `createdByRun eq "<run>"`.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const listRunPlan = defineOperation({
  id: 'listRunPlan',
  method: 'GET',
  path: '/runs/:id/plan',
  tag,
  summary: 'The deactivations that a run staged, and the outcome of each.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(plannedLineSchema),
});

export const cancelRun = defineOperation({
  id: 'cancelRun',
  method: 'POST',
  path: '/runs/:id/cancel',
  tag,
  summary: 'Cancels an open run before it deactivates anybody. What it created and updated so far stays.',
  params: pathIdSchema,
  result: runRecordSchema,
  status: 200,
  command: true,
});

export const retryRun = defineOperation({
  id: 'retryRun',
  method: 'POST',
  path: '/runs/:id/retry',
  tag,
  summary: 'Repeats an ended run with current settings: a run for everybody, for one user, a preview, or applying one.',
  description:
    'Every full run tries rejected users again. An approval is used up by its run; if the plan is held again, approve it again.',
  params: pathIdSchema,
  result: runRecordSchema,
  status: 201,
  command: true,
});

export const previewRunUndo = defineOperation({
  id: 'previewRunUndo',
  method: 'POST',
  path: '/runs/:id/undo-preview',
  tag,
  summary: 'What undoing a run would take back and what it would leave as it is, with names. Nothing is changed.',
  description:
    'An account may count in several groups. Of a run that changed very much, only a part is examined (`isComplete`); the undo itself covers everything.',
  params: pathIdSchema,
  result: undoPreviewSchema,
  status: 200,
  command: true,
  changesNothing: true,
});

export const listRunUndoConflicts = defineOperation({
  id: 'listRunUndoConflicts',
  method: 'GET',
  path: '/runs/:id/undo-conflicts',
  tag,
  summary:
    'What the undo of a run left as it is, account by account: because somebody has changed it since, or because it is held or protected.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(undoConflictSchema),
});

export const undoRun = defineOperation({
  id: 'undoRun',
  method: 'POST',
  path: '/runs/:id/undo',
  tag,
  summary: 'Takes back what a run did and nobody has changed since, and puts Deactivate of its integration on hold.',
  description:
    'Preview it first (`POST /runs/{id}/undo-preview`). `undone.counts` of the run gives the outcome; it is null while the undo is under way, so read the run again. `GET /runs/{id}/undo-conflicts` lists what was left as it is. If vendor and mapping stay as they were, the next run brings the same values again (`undone.afterwards`); `{"pause": true}` pauses the integration in the same step. A run can be undone once. A second request is answered with 409, which says when it was undone and with which outcome.',
  params: pathIdSchema,
  body: undoRunBodySchema,
  result: runRecordSchema,
  status: 200,
  command: true,
});
