import { z } from 'zod';

import { credentialTypeSchema } from './connector-manifest.js';
import { isoTimeSchema } from './values.js';

/** A base URL as a person types it: judged by the vault, not by its form. */
export const baseUrlInputSchema = z.string().max(500);

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
  /** Why the vendor does not accept it (V19); null while it works. A new secret or an accepted use clears it. */
  attention: z.object({ code: z.string(), message: z.string(), at: isoTimeSchema }).nullable(),
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
 * What is sealed to the holder of a lease. `fields` follow the `inputs` of the connector's auth scheme; for OAuth they
 * hold the access token and nothing of the client (architecture 8).
 */
export const leaseMaterialSchema = z.object({
  credential: z.string(),
  secretVersion: z.number().int(),
  /** Number of the OAuth token, null for secrets that are no tokens (G4). */
  tokenVersion: z.number().int().nullable(),
  connector: z.string(),
  type: credentialTypeSchema,
  baseUrl: z.url(),
  fields: z.record(z.string(), z.string()),
});
export type LeaseMaterial = z.infer<typeof leaseMaterialSchema>;
