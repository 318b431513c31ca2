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
  summary: 'Deactivations that the guard held back, newest first. Those with `state=open` wait for a person.',
  query: heldPlanListQuerySchema,
  result: pageSchema(heldPlanRecordSchema),
});

export const getHeldPlan = defineOperation({
  id: 'getHeldPlan',
  method: 'GET',
  path: '/held-plans/:id',
  tag,
  summary: 'One held plan. Its accounts are those of its run: `/runs/<run>/plan`.',
  params: pathIdSchema,
  result: heldPlanRecordSchema,
});

export const approveHeldPlan = defineOperation({
  id: 'approveHeldPlan',
  method: 'POST',
  path: '/held-plans/:id/approve',
  tag,
  summary:
    'Approves a held plan. Starts a full run in which its accounts skip the limits on the number of deactivations.',
  description:
    'Users who came back in the meantime are left alone, protected accounts are only shown, and accounts outside the plan are judged as usual. A person who changed the integration, its mapping or its credential since its last good run, or who started the run, cannot approve with any of their keys, unless the guard settings allow it.',
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
  summary: 'Rejects a held plan. If a later run finds the same accounts, they are held without another e-mail.',
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
  summary: 'Settings of the guard that apply to all integrations.',
  result: guardSettingsSchema,
});

export const setGuardSettings = defineOperation({
  id: 'setGuardSettings',
  method: 'PUT',
  path: '/guard-settings',
  tag,
  summary: 'Changes the settings of the guard that apply to all integrations. The audit records who did it.',
  body: guardSettingsBodySchema,
  result: guardSettingsSchema,
  status: 200,
  command: true,
});
