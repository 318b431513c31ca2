import { explanationSchema, pathIdSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

export const explainDeactivation = defineOperation({
  id: 'explainDeactivation',
  method: 'GET',
  path: '/people/:id/deactivation',
  tag: 'people',
  summary:
    'Why a person was deactivated, in words: what was read, what the guard said, who decided, and what followed.',
  params: pathIdSchema,
  result: explanationSchema,
});
