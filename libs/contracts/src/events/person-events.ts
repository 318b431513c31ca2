import { z } from 'zod';

import { causeSchema } from '../domain/cause.js';
import { recordEpochSchema } from '../domain/record-epoch.js';
import { personRecordSchema } from '../domain/records.js';
import { valueSchema } from '../domain/values.js';
import { peopleTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

/** Every record event carries the revision and the whole record (C6). `changed` holds old values by path. */
export const personEventDataSchema = z.object({
  revision: z.number().int().positive(),
  /** Comes before the revision: a greater epoch is newer whatever the revision. Missing = older than any. */
  epoch: recordEpochSchema.optional(),
  record: personRecordSchema,
  changed: z.record(z.string(), z.union([valueSchema, z.unknown()])),
  cause: causeSchema,
});
export type PersonEventData = z.infer<typeof personEventDataSchema>;

const personEvent = (type: string, description: string) =>
  defineEvent({ type, topic: peopleTopic, source: 'mapping', description, data: personEventDataSchema });

export const personCreated = personEvent('person.created', 'A person was seen for the first time.');
export const personUpdated = personEvent('person.updated', 'Values of a person changed.');
export const personDeactivated = personEvent('person.deactivated', 'A person became inactive.');
export const personReactivated = personEvent('person.reactivated', 'A person became active again.');
export const personMerged = personEvent('person.merged', 'A person was merged into another one.');

export const personErased = personEvent(
  'person.erased',
  'A person was erased: the record holds no values any more, and never will again. Erase your copies, those of earlier events and of their SaaS users too.',
);

/** Nothing changed: the record as it stands, said again under another epoch. */
export const personRestated = defineEvent({
  type: 'person.restated',
  topic: peopleTopic,
  source: 'mapping',
  description: 'A person as stored, published again in a resync. Nothing changed, so start nothing because of it.',
  data: z.object({
    revision: z.number().int().positive(),
    epoch: recordEpochSchema,
    record: personRecordSchema,
  }),
});
