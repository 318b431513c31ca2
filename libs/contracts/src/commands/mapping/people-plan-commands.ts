import { z } from 'zod';

import { keyHoldersSchema } from '../../domain/key-holder.js';
import { peopleEffectSchema, peoplePlanRecordSchema } from '../../domain/people-plan.js';
import { defineCommand } from '../define-command.js';
import { sourcesOfTruthSchema } from './person-commands.js';

const note = z.string().max(1000).nullable();
const plan = z.object({ plan: peoplePlanRecordSchema });

export const approvePeoplePlan = defineCommand({
  type: 'people-plan.approve',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Carries out a held people plan. People who would still become inactive, and are neither held nor protected, become inactive. A person who made the change, or changed what it follows from, cannot approve it.',
  input: z.object({ plan: z.string(), hash: z.string(), note, holders: keyHoldersSchema }),
  result: plan,
  errors: [
    'people-plan-not-found',
    'people-plan-decided',
    'people-plan-expired',
    'people-plan-changed',
    'approval-needs-another-person',
  ],
});

export const rejectPeoplePlan = defineCommand({
  type: 'people-plan.reject',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Decides that nobody in a held people plan becomes inactive. Only another cause proposes them again.',
  input: z.object({ plan: z.string(), note }),
  result: plan,
  errors: ['people-plan-not-found', 'people-plan-decided'],
});

export const undoPeoplePlan = defineCommand({
  type: 'people-plan.undo',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Reactivates everybody whose most recent deactivation was by this plan. It does not propose them again.',
  input: z.object({ plan: z.string() }),
  result: plan,
  errors: ['people-plan-not-found', 'people-plan-not-executed'],
});

/** A change that is not saved yet. Settings left out are those of now. */
export const previewedChangeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('integration'),
    integration: z.string(),
    authoritative: z.boolean().optional(),
    priority: z.number().int().optional(),
  }),
  z.object({ kind: z.literal('sources'), sources: sourcesOfTruthSchema }),
  z.object({ kind: z.literal('retirement'), integration: z.string() }),
  z.object({ kind: z.literal('merge'), keep: z.string(), merged: z.string() }),
]);
export type PreviewedChange = z.infer<typeof previewedChangeSchema>;

export const previewPeopleEffect = defineCommand({
  type: 'people-plan.preview',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Who would become inactive or active through a change, and whether the guard would let it pass. Nothing is written.',
  input: previewedChangeSchema,
  result: peopleEffectSchema,
  errors: ['integration-not-found', 'unknown-field', 'person-not-found', 'person-merged', 'same-person'],
});
