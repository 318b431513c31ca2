import { z } from 'zod';

import { leasePurposeSchema } from '../domain/credential.js';
import { keyVerificationSchema } from '../domain/encryption-keys.js';
import { isoTimeSchema } from '../domain/values.js';
import { searchableListQuery } from './page.js';

/** One use of a stored secret, noted before the secret was given. */
export const secretUseSchema = z.object({
  id: z.string(),
  at: isoTimeSchema,
  credential: z.string(),
  /** Null: no credential has this id any more, or it was a test of one that was not stored. */
  credentialName: z.string().nullable(),
  secretVersion: z.number().int(),
  /** The service that asked for it. */
  sender: z.string(),
  purpose: z.object({
    /** `consent`: somebody consented at the vendor, and the code was exchanged. */
    kind: z.enum([...leasePurposeSchema.shape.kind.options, 'consent']),
    /** Id of the run, of the intent, of the workflow run, or of the command that asked for a check or ended a consent. */
    reference: z.string(),
  }),
  /** Where the secret may be sent, and nowhere else. */
  host: z.string(),
  /** A keyed digest of the value of each field: equal digests are equal values. Null in entries from before they were kept. */
  values: z.array(z.object({ field: z.string(), digest: z.string() })).nullable(),
});
export type SecretUse = z.infer<typeof secretUseSchema>;

export const useLogQuerySchema = searchableListQuery({
  filter: 'credential eq "81020894-1279-88c1-96c6-fb5fc659feef" and at gt "2026-11-01T00:00:00Z"',
  sort: '-at',
});
export type UseLogQuery = z.infer<typeof useLogQuerySchema>;

/** Whether the use log is as it was written. */
export const useLogVerificationSchema = keyVerificationSchema.shape.useLog;
export type UseLogVerification = z.infer<typeof useLogVerificationSchema>;
