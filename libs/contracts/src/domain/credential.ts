import { z } from 'zod';

import { credentialTypeSchema } from './connector-manifest.js';
import { isoTimeSchema } from './values.js';

/** Published metadata of a credential. The secret fields are only named. */
export const credentialRecordSchema = z.object({
  id: z.string(),
  version: z.number().int().positive(),
  name: z.string().min(1).max(120),
  connector: z.string(),
  type: credentialTypeSchema,
  /** Origin that the secret is bound to (P21): changing it asks for the secret again. */
  baseUrl: z.url(),
  secretFields: z.array(z.string()),
  /** Version of the secret itself; rises with every new value. */
  secretVersion: z.number().int().positive(),
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
});
export type CredentialRecord = z.infer<typeof credentialRecordSchema>;

/** Why a lease is asked for; written to the use log before the secret leaves (P25). */
export const leasePurposeSchema = z.object({
  kind: z.enum(['run', 'intent', 'workflow', 'check']),
  reference: z.string(),
});
export type LeasePurpose = z.infer<typeof leasePurposeSchema>;

/**
 * What is sealed to the holder of a lease: the plain fields of the credential. `fields` follow the `inputs` of the
 * connector's auth scheme.
 */
export const leaseMaterialSchema = z.object({
  credential: z.string(),
  secretVersion: z.number().int(),
  connector: z.string(),
  type: credentialTypeSchema,
  baseUrl: z.url(),
  fields: z.record(z.string(), z.string()),
});
export type LeaseMaterial = z.infer<typeof leaseMaterialSchema>;
