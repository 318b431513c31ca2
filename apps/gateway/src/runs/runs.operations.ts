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
    'A record that a run made and nobody changed since is not in this list: list people with the filter `createdByRun eq "<run>"`.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const listRunPlan = defineOperation({
  id: 'listRunPlan',
  method: 'GET',
  path: '/runs/:id/plan',
  tag,
  summary: 'The deactivations that a run staged, and what became of each.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(plannedLineSchema),
});

export const cancelRun = defineOperation({
  id: 'cancelRun',
  method: 'POST',
  path: '/runs/:id/cancel',
  tag,
  summary: 'Cancels an open run before its sweep. Creates and updates so far stay.',
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
  summary:
    'Does again what an ended run was for, with the settings of today: everybody, one user, a preview, or applying one.',
  description:
    'A user whom a run rejected is tried again by every full run. An approval is used up by its run; approve the plan anew if it is held again.',
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
  summary: 'What an undo of a run would take back and what it would leave as it is, with names. Nothing is changed.',
  description:
    'One account may count in several groups. A run that changed very much is looked at in part (`isComplete`); the undo itself takes back everything.',
  params: pathIdSchema,
  result: undoPreviewSchema,
  status: 200,
  command: true,
});

export const listRunUndoConflicts = defineOperation({
  id: 'listRunUndoConflicts',
  method: 'GET',
  path: '/runs/:id/undo-conflicts',
  tag,
  summary:
    'What the undo of a run left as it is, account by account: because somebody changed it since, or it is held or protected.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(undoConflictSchema),
});

export const undoRun = defineOperation({
  id: 'undoRun',
  method: 'POST',
  path: '/runs/:id/undo',
  tag,
  summary: 'Takes back what a run did and nobody changed since, and puts Deactivate of its integration on hold.',
  description:
    'Preview it first (`POST /runs/{id}/undo-preview`). `undone.counts` of the run says what came of it; it is null while the undo is being carried out: read the run again. What was left as it is: `GET /runs/{id}/undo-conflicts`. The next run brings the same values again if vendor and mapping are as they were (`undone.afterwards`); `{"pause": true}` pauses the integration in the same step. A run is undone once: a second time is answered with 409, which says when it was undone and what came of it.',
  params: pathIdSchema,
  body: undoRunBodySchema,
  result: runRecordSchema,
  status: 200,
  command: true,
});
