import { z } from 'zod';

import { causeSchema } from '../domain/cause.js';
import { recordEpochSchema } from '../domain/record-epoch.js';
import { accountRecordSchema } from '../domain/records.js';
import { saasUsersTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

export const saasUserEventDataSchema = z.object({
  revision: z.number().int().positive(),
  /** Comes before the revision: a greater epoch is newer whatever the revision. Missing = older than any. */
  epoch: recordEpochSchema.optional(),
  record: accountRecordSchema,
  changed: z.record(z.string(), z.unknown()),
  cause: causeSchema,
});
export type SaasUserEventData = z.infer<typeof saasUserEventDataSchema>;

const saasUserEvent = (type: string, description: string) =>
  defineEvent({ type, topic: saasUsersTopic, source: 'mapping', description, data: saasUserEventDataSchema });

export const saasUserCreated = saasUserEvent('saas-user.created', 'A SaaS user was seen for the first time.');
export const saasUserUpdated = saasUserEvent('saas-user.updated', 'Values of a SaaS user changed.');
export const saasUserDeactivated = saasUserEvent('saas-user.deactivated', 'A SaaS user became inactive.');
export const saasUserReactivated = saasUserEvent('saas-user.reactivated', 'A SaaS user became active again.');
export const saasUserRemoved = saasUserEvent(
  'saas-user.removed',
  'A SaaS user was removed: its integration was deleted with its data, the run that created it was undone, or its person was erased. Drop your copy.',
);

/** Nothing changed: the record as it stands, said again under another epoch. */
export const saasUserRestated = defineEvent({
  type: 'saas-user.restated',
  topic: saasUsersTopic,
  source: 'mapping',
  description: 'A SaaS user as stored, published again in a resync. Nothing changed, so start nothing because of it.',
  data: z.object({
    revision: z.number().int().positive(),
    epoch: recordEpochSchema,
    record: accountRecordSchema,
  }),
});
