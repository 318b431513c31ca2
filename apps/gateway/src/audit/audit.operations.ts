import { auditEventSchema, auditListQuerySchema, auditVerificationSchema, pageSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'audit';

export const listAuditEvents = defineOperation({
  id: 'listAuditEvents',
  method: 'GET',
  path: '/audit-events',
  tag,
  summary: 'Who asked for which change and what came of it, newest first; refused ones too.',
  description: 'Filter by actor, operation, object, status, address, requestId or at.',
  query: auditListQuerySchema,
  result: pageSchema(auditEventSchema),
});

export const exportAuditEvents = defineOperation({
  id: 'exportAuditEvents',
  method: 'GET',
  path: '/audit-events/export',
  tag,
  summary: 'The same as JSON lines, all of them: one event a line, newest first.',
  query: auditListQuerySchema.pick({ filter: true }),
  lines: true,
});

export const verifyAudit = defineOperation({
  id: 'verifyAudit',
  method: 'GET',
  path: '/audit-events/verification',
  tag,
  summary: 'Follows the chains of the audit, and names the entries that were changed, dropped or swapped.',
  result: auditVerificationSchema,
});
