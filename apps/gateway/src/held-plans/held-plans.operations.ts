import {
  approvedHeldPlanSchema,
  approveHeldPlanBodySchema,
  guardSettingsBodySchema,
  guardSettingsSchema,
  heldPlanListQuerySchema,
  heldPlanRecordSchema,
  pageSchema,
  pathIdSchema,
  rejectHeldPlanBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'held plans';

export const listHeldPlans = defineOperation({
  id: 'listHeldPlans',
  method: 'GET',
  path: '/held-plans',
  tag,
  summary: 'Deactivations that the guard held back, newest first. `state=open` are those that wait for a person.',
  query: heldPlanListQuerySchema,
  result: pageSchema(heldPlanRecordSchema),
});

export const getHeldPlan = defineOperation({
  id: 'getHeldPlan',
  method: 'GET',
  path: '/held-plans/:id',
  tag,
  summary: 'One held plan. Its accounts are the plan of its run: `/runs/<run>/plan`.',
  params: pathIdSchema,
  result: heldPlanRecordSchema,
});

export const approveHeldPlan = defineOperation({
  id: 'approveHeldPlan',
  method: 'POST',
  path: '/held-plans/:id/approve',
  tag,
  summary: 'Approves a held plan: starts a full run in which its accounts skip the amount rules.',
  description:
    'Who came back meanwhile is left alone, protected accounts are shown only, and accounts that are not in the plan are judged ' +
    'as ever. Whoever changed the integration, its mapping or its credential since its last good run, or started the run, ' +
    'cannot approve, with none of their keys, unless the guard settings allow it.',
  params: pathIdSchema,
  body: approveHeldPlanBodySchema,
  result: approvedHeldPlanSchema,
  status: 200,
  command: true,
});

export const rejectHeldPlan = defineOperation({
  id: 'rejectHeldPlan',
  method: 'POST',
  path: '/held-plans/:id/reject',
  tag,
  summary: 'Rejects a held plan. The same accounts in a later run are held without another mail.',
  params: pathIdSchema,
  body: rejectHeldPlanBodySchema,
  result: heldPlanRecordSchema,
  status: 200,
  command: true,
});

export const getGuardSettings = defineOperation({
  id: 'getGuardSettings',
  method: 'GET',
  path: '/guard-settings',
  tag,
  summary: 'What concerns the guard of all integrations.',
  result: guardSettingsSchema,
});

export const setGuardSettings = defineOperation({
  id: 'setGuardSettings',
  method: 'PUT',
  path: '/guard-settings',
  tag,
  summary: 'Changes what concerns the guard of all integrations. The audit keeps who did it.',
  body: guardSettingsBodySchema,
  result: guardSettingsSchema,
  status: 200,
  command: true,
});
