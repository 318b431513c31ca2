import { z } from 'zod';

import { schemaIds } from './schema-ids.js';
import { isoTimeSchema } from './values.js';

export const noticeKindSchema = z.enum([
  'run-failed',
  'run-held',
  'run-overdue',
  'run-not-started',
  'run-recovered',
  'people-held',
  'run-undone',
  'credential-expiring',
  'credential-expired',
]);
export type NoticeKind = z.infer<typeof noticeKindSchema>;

/** One message to one contact about one incident; in the app and by e-mail (R51, I9). */
export const noticeRecordSchema = z
  .object({
    id: z.string(),
    kind: noticeKindSchema,
    /** Same trouble, same incident: a contact hears of it once (architecture 10). */
    incident: z.string(),
    /** Null for what concerns none in particular. */
    integration: z.string().nullable(),
    run: z.string().nullable(),
    contact: z.object({ name: z.string(), email: z.string() }),
    title: z.string(),
    text: z.string(),
    /** `none` where the contact has no address: nobody is named for the integration, so all operators see it. */
    mail: z.enum(['none', 'queued', 'sent', 'failed']),
    readAt: isoTimeSchema.nullable(),
    createdAt: isoTimeSchema,
  })
  .register(schemaIds, { id: 'Notice' });
export type NoticeRecord = z.infer<typeof noticeRecordSchema>;
