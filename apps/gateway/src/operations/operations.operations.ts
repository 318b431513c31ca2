import { operationIdSchema, operationSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

export const getOperation = defineOperation({
  id: 'getOperation',
  method: 'GET',
  path: '/operations/:id',
  tag: 'operations',
  summary: 'The outcome of a command that was answered with 202.',
  description: 'A key sees the operations that it started, and with the scope `admin` all of them.',
  params: operationIdSchema,
  result: operationSchema,
});
