import { z } from 'zod';

import { guardSettingsSchema, heldPlanRecordSchema } from '../../domain/held-plan.js';
import { keyHoldersSchema } from '../../domain/key-holder.js';
import { runRecordSchema } from '../../domain/run.js';
import { defineCommand } from '../define-command.js';

const note = z.string().max(1000).nullable();

export const approvePlan = defineCommand({
  type: 'held-plan.approve',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Starts a full run in which the lines of a held plan skip the limits on the number of deactivations. Everything else is judged as usual, and users who came back are left alone. A person who changed what the plan follows from, or started its run, cannot approve it.',
  input: z.object({ plan: z.string(), hash: z.string(), note, holders: keyHoldersSchema }),
  result: z.object({ plan: heldPlanRecordSchema, run: runRecordSchema }),
  errors: [
    'held-plan-not-found',
    'held-plan-decided',
    'held-plan-expired',
    'held-plan-changed',
    'approval-needs-another-person',
    'integration-not-active',
    'run-still-open',
  ],
});

export const rejectPlan = defineCommand({
  type: 'held-plan.reject',
  owner: 'sync-runner',
  senders: ['gateway'],
  description:
    'Decides that nobody in a held plan is deactivated. The same lines in a later run are held without a notice.',
  input: z.object({ plan: z.string(), note }),
  result: z.object({ plan: heldPlanRecordSchema }),
  errors: ['held-plan-not-found', 'held-plan-decided'],
});

export const setGuardSettings = defineCommand({
  type: 'guard.set',
  owner: 'sync-runner',
  senders: ['gateway'],
  description: 'Changes the settings of the guard that apply to all integrations.',
  input: z.object({ approvalByEditor: z.boolean() }),
  result: z.object({ settings: guardSettingsSchema }),
  errors: [],
});
