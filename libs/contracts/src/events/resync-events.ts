import { z } from 'zod';

import { recordEpochSchema } from '../domain/record-epoch.js';
import { isoTimeSchema } from '../domain/values.js';
import { peopleTopic, saasUsersTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

/** Why what was said before no longer counts. */
export const resyncReasonSchema = z.enum(['database-restored', 'topics-restored', 'asked-for']);
export type ResyncReason = z.infer<typeof resyncReasonSchema>;

export const resyncEventDataSchema = z.object({
  /** Events and records of this topic that carry a smaller epoch, or none, count no more once it has ended. */
  epoch: recordEpochSchema,
  reason: resyncReasonSchema,
  since: isoTimeSchema,
});
export type ResyncEventData = z.infer<typeof resyncEventDataSchema>;

const started =
  'A database or topic was restored: what was published under a smaller epoch may be wrong. Every record is published again. Sent to each partition.';
const ended =
  'Every record of this partition was published again. Forget those that still have a smaller epoch, because they do not exist. Sent to each partition.';

const resyncEvent = (type: string, topic: typeof peopleTopic, description: string) =>
  defineEvent({ type, topic, source: 'mapping', description, data: resyncEventDataSchema });

export const peopleResyncStarted = resyncEvent('people.resync-started', peopleTopic, started);
export const peopleResyncEnded = resyncEvent('people.resync-ended', peopleTopic, ended);
export const saasUsersResyncStarted = resyncEvent('saas-users.resync-started', saasUsersTopic, started);
export const saasUsersResyncEnded = resyncEvent('saas-users.resync-ended', saasUsersTopic, ended);
