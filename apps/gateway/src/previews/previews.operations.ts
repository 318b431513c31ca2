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
  summary: 'Reads everything and shows what a run would do. Nothing is written and nobody is told.',
  description: 'A preview is a run with scope `preview`. Drafts and paused integrations may be previewed too.',
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
  summary: 'What a run would do, in numbers, and what the guard would decide (`run.verdict`).',
  params: pathIdSchema,
  result: previewSchema,
});

export const listPreviewLines = defineOperation({
  id: 'listPreviewLines',
  method: 'GET',
  path: '/runs/:id/preview/lines',
  tag,
  summary: 'Every record that a run would change: what from what, where each value comes from, and why.',
  params: pathIdSchema,
  query: previewLinesQuerySchema,
  result: pageSchema(previewLineSchema),
});

export const listPreviewGroups = defineOperation({
  id: 'listPreviewGroups',
  method: 'GET',
  path: '/runs/:id/preview/groups',
  tag,
  summary: 'The values of known people that a run would change, by field: one wrong rule is seen at once.',
  params: pathIdSchema,
  result: previewGroupsSchema,
});

export const applyPreview = defineOperation({
  id: 'applyPreview',
  method: 'POST',
  path: '/runs/:id/apply',
  tag,
  summary: 'Starts a run that does only what a preview foretold, with the values of today.',
  description:
    'A record for which a run would do something else by now is left as it is. Deactivations are judged as in any run. A preview can be applied for 24 hours, unless the integration or its mapping is changed.',
  params: pathIdSchema,
  result: runRecordSchema,
  status: 201,
  command: true,
});
