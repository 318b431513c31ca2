import { pageSchema, secretUseSchema, useLogQuerySchema, useLogVerificationSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'use-log';

export const listUseLog = defineOperation({
  id: 'listUseLog',
  method: 'GET',
  path: '/credential-uses',
  tag,
  summary: 'Which service used which secret, when, what for, and for which host, newest first.',
  description:
    'Filter by credential, sender, purpose, reference, host, digest or at. Each use was noted before the secret was given. `digest` finds all uses of one value, whichever credential it was stored in.',
  query: useLogQuerySchema,
  result: pageSchema(secretUseSchema),
});

export const exportUseLog = defineOperation({
  id: 'exportUseLog',
  method: 'GET',
  path: '/credential-uses/export',
  tag,
  summary: 'The same as JSON lines, all of them: one use a line, newest first.',
  query: useLogQuerySchema.pick({ filter: true }),
  lines: true,
});

export const verifyUseLog = defineOperation({
  id: 'verifyUseLog',
  method: 'GET',
  path: '/credential-uses/verification',
  tag,
  summary: 'Follows the chains of the use log, and names the entries that were changed, dropped or swapped.',
  result: useLogVerificationSchema,
});
