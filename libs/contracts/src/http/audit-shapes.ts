import { z } from 'zod';

import { isoTimeSchema } from '../domain/values.js';
import { searchableListQuery } from './page.js';

/** One value that a write changed. Secrets are never told: `[secret]` stands for old and new ones. */
export const auditedChangeSchema = z.object({
  /** JSON pointer into the record, as the API shows it. */
  pointer: z.string(),
  from: z.unknown(),
  to: z.unknown(),
});
export type AuditedChange = z.infer<typeof auditedChangeSchema>;

/** Who asked for a change, refused ones too. */
export const auditEventSchema = z.object({
  id: z.string(),
  at: isoTimeSchema,
  /** `operator:<id>`, `api-key:<id>`, or `stranger` for somebody who tried to sign in. */
  actor: z.string(),
  /** Whose session or key it is, as far as it is still known. */
  actorName: z.string().nullable(),
  operation: z.string(),
  /** Path of what it is about, below `/api/v1/`. */
  object: z.string(),
  /** Where it came from; null in entries from before it was noted. */
  address: z.string().nullable(),
  requestId: z.string(),
  /** Status of the answer; null while it is not known, or if the gateway ended in between. */
  status: z.number().int().nullable(),
  /** What was changed; null where nothing was, or it is not known what: see the operation that was answered with 202. */
  changes: z.array(auditedChangeSchema).nullable(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const auditListQuerySchema = searchableListQuery({
  filter: 'operation eq "updateIntegration" and at gt "2026-11-01T00:00:00Z"',
  sort: '-at',
});
export type AuditListQuery = z.infer<typeof auditListQuerySchema>;

/** Whether the audit is as it was written. */
export const auditVerificationSchema = z.object({
  /** Entries that are chained. */
  entries: z.number().int(),
  /** Older entries, from before there were chains. */
  unchained: z.number().int(),
  broken: z.number().int(),
  /** At most 100. */
  faults: z.array(z.object({ entry: z.string(), reason: z.string() })),
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
