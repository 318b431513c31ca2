import {
  pageSchema,
  pathIdSchema,
  previewGroupsSchema,
  previewLineSchema,
  previewLinesQuerySchema,
  previewSchema,
  runRecordSchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'previews';

export const startPreview = defineOperation({
  id: 'startPreview',
  method: 'POST',
  path: '/integrations/:id/previews',
  tag,
  summary: 'Reads everything and shows what a run would do. Nothing is written and nobody is notified.',
  description: 'A preview is a run with scope `preview`. Drafts and paused integrations can be previewed too.',
  params: pathIdSchema,
  result: runRecordSchema,
  status: 201,
  command: true,
});

export const getPreview = defineOperation({
  id: 'getPreview',
  method: 'GET',
  path: '/runs/:id/preview',
  tag,
  summary: 'What a run would do, in numbers, and how the guard would decide (`run.verdict`).',
  params: pathIdSchema,
  result: previewSchema,
});

export const listPreviewLines = defineOperation({
  id: 'listPreviewLines',
  method: 'GET',
  path: '/runs/:id/preview/lines',
  tag,
  summary: 'Every record that a run would change: old and new values, where each value comes from, and why.',
  params: pathIdSchema,
  query: previewLinesQuerySchema,
  result: pageSchema(previewLineSchema),
});

export const listPreviewGroups = defineOperation({
  id: 'listPreviewGroups',
  method: 'GET',
  path: '/runs/:id/preview/groups',
  tag,
  summary: 'The values of known people that a run would change, by field. A wrong rule shows at once.',
  params: pathIdSchema,
  result: previewGroupsSchema,
});

export const applyPreview = defineOperation({
  id: 'applyPreview',
  method: 'POST',
  path: '/runs/:id/apply',
  tag,
  summary: 'Starts a run that does only what a preview predicted, with current values.',
  description:
    'A record for which a run would now do something else is left as it is. Deactivations are judged as in any run. A preview can be applied for 24 hours, unless the integration or its mapping changes.',
  params: pathIdSchema,
  result: runRecordSchema,
  status: 201,
  command: true,
});
